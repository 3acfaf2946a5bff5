package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A DICOM file of one radiograph; {@link Dicom} says what is read and how it becomes gray. */
final class DicomFile implements PictureFile {

  private static final Set<String> RADIOGRAPHS = Set.of("", "CR", "DX", "DR", "RG", "OT", "SC");

  /** Those that a message may repeat (PS3.3 C.7.3.1.1.1); other text could be anything. */
  private static final Set<String> OTHER_MODALITIES =
      Set.of(
          "AR",
          "AU",
          "BI",
          "BMD",
          "CT",
          "DMS",
          "DOC",
          "ECG",
          "EPS",
          "ES",
          "FID",
          "GM",
          "HC",
          "HD",
          "IO",
          "IVOCT",
          "IVUS",
          "KO",
          "LS",
          "MG",
          "MR",
          "NM",
          "OAM",
          "OCT",
          "OP",
          "OPM",
          "OPT",
          "OPV",
          "OSS",
          "PLAN",
          "PR",
          "PT",
          "PX",
          "REG",
          "RESP",
          "RF",
          "RTDOSE",
          "RTIMAGE",
          "RTPLAN",
          "RTRECORD",
          "RTSTRUCT",
          "SEG",
          "SM",
          "SMR",
          "SR",
          "SRF",
          "TG",
          "US",
          "VA",
          "XA",
          "XC");

  private final byte[] file;
  private final DicomHeader header;
  private final Photometric photometric;
  private final int width;
  private final int height;

  /** The pixels where they are compressed. */
  private final @Nullable JpegFile jpeg;

  private DicomFile(byte[] file, DicomHeader header) throws ImageRefusedException {
    this.file = file;
    this.header = header;
    requireOneRadiograph();
    photometric = Photometric.of(header);
    width = header.number(DicomTag.COLUMNS);
    height = header.number(DicomTag.ROWS);
    jpeg = header.syntax() == TransferSyntax.JPEG_BASELINE ? jpeg() : null;
  }

  /**
   * Takes a DICOM file apart.
   *
   * @throws ImageRefusedException if it is of a kind that is not read, or its structure is broken
   *     or ends early
   */
  static DicomFile of(byte[] file) throws ImageRefusedException {
    return new DicomFile(file, DicomHeader.upTo(DicomTag.PIXEL_DATA, file));
  }

  private void requireOneRadiograph() throws ImageRefusedException {
    String modality = header.text(DicomTag.MODALITY);
    if (!RADIOGRAPHS.contains(modality)) {
      throw new ImageRefusedException(
          "expected a radiograph (modality CR, DX, DR, RG, OT, SC or none), found %s: leave it out"
              .formatted(OTHER_MODALITIES.contains(modality) ? modality : "an unknown modality"));
    }
    if (!header.syntax().hasReadablePixels()) {
      throw DicomHeader.unread(header.syntax());
    }
    if (header.has(DicomTag.FLOAT_PIXEL_DATA) || header.has(DicomTag.DOUBLE_PIXEL_DATA)) {
      throw new ImageRefusedException(
          "expected pixels in whole numbers, found floating-point ones: convert them to 16 bits");
    }
    if (header.has(DicomTag.MODALITY_LUT)) {
      throw new ImageRefusedException(
          "expected values rescaled by slope and intercept, found a %s: convert the file to"
                  .formatted(DicomTag.MODALITY_LUT)
              + " MONOCHROME2 without one");
    }
    if (header.decimal(DicomTag.NUMBER_OF_FRAMES).orElse(1) != 1) {
      throw new ImageRefusedException(
          "expected one frame, found another %s: save the frame that is meant as a file of its own"
              .formatted(DicomTag.NUMBER_OF_FRAMES));
    }
  }

  private JpegFile jpeg() throws ImageRefusedException {
    if (header.number(DicomTag.BITS_ALLOCATED) != 8 || header.number(DicomTag.BITS_STORED) != 8) {
      throw new ImageRefusedException(
          "expected 8 bits a sample with JPEG Baseline, found %d: the file is damaged, fetch it again"
              .formatted(header.number(DicomTag.BITS_STORED)));
    }
    JpegFile found = JpegFile.of(fragments());
    if (found.width() != width
        || found.height() != height
        || found.channels() != photometric.samples()) {
      throw new ImageRefusedException(
          "expected a JPEG of %dx%d pixels of %d samples as the header says, found %dx%d of %d: the"
                  .formatted(
                      width,
                      height,
                      photometric.samples(),
                      found.width(),
                      found.height(),
                      found.channels())
              + " file is damaged, fetch it again");
    }
    return found;
  }

  /** The items of the pixel data in one piece, less the first, which is a table of offsets. */
  private byte[] fragments() throws ImageRefusedException {
    DicomElements.Element data = header.element(DicomTag.PIXEL_DATA);
    var in = new DicomElements(file, data.valueAt());
    var joined = new ByteArrayOutputStream();
    DicomElements.Element item = in.read(true);
    boolean first = true;
    while (item.tag() == DicomElements.ITEM) {
      in.skipBytes(item);
      if (!first) {
        joined.write(file, item.valueAt(), (int) item.length());
      }
      first = false;
      item = in.read(true);
    }
    in.requireEndOfSequence(item);
    return joined.toByteArray();
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public boolean hasColourProfile() {
    return false;
  }

  @Override
  public GrayImage toGray() throws IOException {
    return new GrayImage(width, height, jpeg == null ? uncompressed() : decompressed(jpeg));
  }

  private byte[] uncompressed() throws ImageRefusedException {
    var pixels = new DicomPixels(file, header, width, height);
    return photometric.isMonochrome()
        ? pixels.monochrome(new StoredValues(header, header.number(DicomTag.BITS_STORED)))
        : pixels.colour();
  }

  private byte[] decompressed(JpegFile picture) throws IOException {
    byte[] gray = picture.toGray().pixels();
    if (photometric.isMonochrome()) {
      byte[] grays = new StoredValues(header, 8).grays();
      for (int i = 0; i < gray.length; i++) {
        gray[i] = grays[gray[i] & 0xFF];
      }
    }
    return gray;
  }
}
