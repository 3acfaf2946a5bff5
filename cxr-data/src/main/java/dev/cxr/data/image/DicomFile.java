package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A DICOM file of one radiograph; see {@link DicomMetadata} for what is supported. */
final class DicomFile extends ImageFile {

  private static final Set<String> RADIOGRAPH_MODALITIES =
      Set.of("", "CR", "DX", "DR", "RG", "OT", "SC");

  /** Any other text could be personal, which no message may contain. */
  private static final Pattern TERM = Pattern.compile("[A-Z]{2}");

  private final byte[] file;
  private final DicomHeader header;
  private final PhotometricInterpretation photometric;

  /** The pixels if they are compressed. */
  private final @Nullable JpegFile jpeg;

  private DicomFile(byte[] file, DicomHeader header) throws InvalidImageException {
    this.file = file;
    this.header = header;
    requireOneRadiograph();
    photometric = PhotometricInterpretation.of(header);
    width = header.number(DicomTag.COLUMNS);
    height = header.number(DicomTag.ROWS);
    jpeg = header.syntax() == TransferSyntax.JPEG_BASELINE ? jpeg() : null;
  }

  /**
   * Parses a DICOM file.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated
   */
  static DicomFile of(byte[] file) throws InvalidImageException {
    return new DicomFile(file, DicomHeader.readUpTo(DicomTag.PIXEL_DATA, file));
  }

  private void requireOneRadiograph() throws InvalidImageException {
    String modality = header.text(DicomTag.MODALITY);
    if (!RADIOGRAPH_MODALITIES.contains(modality)) {
      throw InvalidImageException.of(
          "a radiograph (modality CR, DX, DR, RG, OT, SC or none)",
          TERM.matcher(modality).matches() ? modality : "an unknown modality",
          "leave it out");
    }
    if (!header.syntax().hasReadablePixels()) {
      throw DicomHeader.unsupported(header.syntax());
    }
    if (header.has(DicomTag.FLOAT_PIXEL_DATA) || header.has(DicomTag.DOUBLE_PIXEL_DATA)) {
      throw InvalidImageException.of(
          "integer pixels", "floating-point pixels", "convert them to 16 bits");
    }
    if (header.has(DicomTag.MODALITY_LUT)) {
      throw InvalidImageException.of(
          "values rescaled by slope and intercept",
          "a " + DicomTag.MODALITY_LUT,
          "convert the file to MONOCHROME2 without one");
    }
    if (header.decimal(DicomTag.NUMBER_OF_FRAMES).orElse(1) != 1) {
      throw InvalidImageException.of(
          "one frame", "another " + DicomTag.NUMBER_OF_FRAMES, "save the frame as a separate file");
    }
  }

  private JpegFile jpeg() throws InvalidImageException {
    if (header.number(DicomTag.BITS_ALLOCATED) != 8 || header.number(DicomTag.BITS_STORED) != 8) {
      throw InvalidImageException.damaged(
          "8 bits per sample with JPEG Baseline", header.number(DicomTag.BITS_STORED));
    }
    JpegFile found = JpegFile.of(joinFragments());
    if (found.width != width
        || found.height != height
        || found.channels() != photometric.samples()) {
      throw InvalidImageException.damaged(
          "a JPEG of %dx%d pixels with %d samples as in the header"
              .formatted(width, height, photometric.samples()),
          "%dx%d with %d".formatted(found.width, found.height, found.channels()));
    }
    return found;
  }

  /** Joins the items of the pixel data without the first, which is an offset table. */
  private byte[] joinFragments() throws InvalidImageException {
    DicomElementReader.Element data = header.element(DicomTag.PIXEL_DATA);
    var in = new DicomElementReader(file, data.valueOffset());
    var joined = new ByteArrayOutputStream();
    DicomElementReader.Element item = in.read(true);
    boolean first = true;
    while (item.tag() == DicomElementReader.ITEM) {
      in.skipBytes(item);
      if (!first) {
        joined.write(file, item.valueOffset(), (int) item.length());
      }
      first = false;
      item = in.read(true);
    }
    in.requireEndOfSequence(item);
    return joined.toByteArray();
  }

  @Override
  GrayImage toGray() throws IOException {
    return new GrayImage(width, height, jpeg == null ? decodeUncompressed() : decodeJpeg(jpeg));
  }

  private byte[] decodeUncompressed() throws InvalidImageException {
    var pixels = new DicomPixels(file, header, width, height);
    return photometric.isMonochrome()
        ? pixels.toGray(new DicomGrayscaleLut(header, header.number(DicomTag.BITS_STORED)))
        : pixels.toLuma();
  }

  private byte[] decodeJpeg(JpegFile image) throws IOException {
    byte[] gray = image.toGray().pixels();
    if (photometric.isMonochrome()) {
      byte[] grays = new DicomGrayscaleLut(header, 8).table();
      for (int i = 0; i < gray.length; i++) {
        gray[i] = grays[gray[i] & 0xFF];
      }
    }
    return gray;
  }
}
