package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A DICOM file of one radiograph; see {@link DicomMetadata} for what is supported. */
final class DicomFile extends ImageFile {

  private static final Set<String> RADIOGRAPH_MODALITIES =
      Set.of("", "CR", "DX", "DR", "RG", "OT", "SC");

  /** Any other text could be personal, which no message may contain. */
  private static final Pattern TERM = Pattern.compile("[A-Z]{2}");

  /** Spacings in two directions that differ by less are equal. */
  private static final double SPACING_TOLERANCE = 0.01;

  private final DicomHeader header;
  private final PhotometricInterpretation photometric;

  /** The pixels if they are a JPEG that the JDK decodes. */
  private final @Nullable JpegFile jpeg;

  private DicomFile(DicomHeader header) throws InvalidImageException {
    this.header = header;
    requireRadiograph();
    photometric = PhotometricInterpretation.of(header);
    width = header.number(DicomTag.COLUMNS);
    height = header.number(DicomTag.ROWS);
    jpeg = header.syntax().pixels() == TransferSyntax.Pixels.JPEG ? jpeg() : null;
  }

  /**
   * Parses a DICOM file.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated
   */
  static DicomFile of(byte[] file) throws InvalidImageException {
    return new DicomFile(DicomHeader.readUpTo(DicomTag.PIXEL_DATA, file));
  }

  private void requireRadiograph() throws InvalidImageException {
    String modality = header.text(DicomTag.MODALITY);
    if (!RADIOGRAPH_MODALITIES.contains(modality)) {
      throw InvalidImageException.of(
          "a radiograph (modality CR, DX, DR, RG, OT, SC or none)",
          TERM.matcher(modality).matches() ? modality : "an unknown modality",
          "leave it out");
    }
    if (header.syntax().pixels() == TransferSyntax.Pixels.UNSUPPORTED) {
      throw header.syntax().unsupported();
    }
    if (header.has(DicomTag.FLOAT_PIXEL_DATA) || header.has(DicomTag.DOUBLE_PIXEL_DATA)) {
      throw InvalidImageException.of(
          "integer pixels", "floating-point pixels", "convert them to 16 bits");
    }
    if (header.decimal(DicomTag.NUMBER_OF_FRAMES).orElse(1) > 1) {
      header.notes().add(DicomNotes.FRAMES);
    }
  }

  private @Nullable JpegFile jpeg() throws InvalidImageException {
    byte[] coded = joinFragments();
    if (!JpegSampleDecoder.isForJdk(coded)) {
      return null;
    }
    if (header.number(DicomTag.BITS_ALLOCATED) != 8 || header.number(DicomTag.BITS_STORED) != 8) {
      throw InvalidImageException.damaged(
          "8 bits per sample with JPEG Baseline", header.number(DicomTag.BITS_STORED));
    }
    JpegFile found = JpegFile.of(coded, photometric == PhotometricInterpretation.RGB);
    layout().require("a JPEG", found.width, found.height, found.channels(), 8);
    return found;
  }

  /**
   * Joins the items of the pixel data without the first, which is an offset table. Decoders stop at
   * the end of the first frame.
   */
  private byte[] joinFragments() throws InvalidImageException {
    DicomElementReader.Element data = header.element(DicomTag.PIXEL_DATA);
    var in =
        new DicomElementReader(header.file(), data.valueOffset(), header.order(), header.notes());
    var joined = new ByteArrayOutputStream();
    DicomElementReader.Element item = in.read(true);
    boolean first = true;
    while (item.tag() == DicomElementReader.ITEM) {
      in.skipBytes(item);
      if (!first) {
        joined.write(header.file(), item.valueOffset(), (int) item.length());
      }
      first = false;
      item = in.read(true);
    }
    in.requireEndOfSequence(item);
    return joined.toByteArray();
  }

  @Override
  Set<String> notes() {
    return header.notes();
  }

  @Override
  GrayImage toGray() throws IOException {
    byte[] gray = jpeg == null ? decodeSamples() : decodeJpeg(jpeg);
    return withSquarePixels(new GrayImage(width, height, gray));
  }

  private byte[] decodeSamples() throws InvalidImageException {
    var pixels = new DicomPixels(samples(), header, width, height);
    return photometric.samples() == 1
        ? pixels.toGray(grays(header.number(DicomTag.BITS_STORED)))
        : pixels.toLuma();
  }

  private DicomPixels.Samples samples() throws InvalidImageException {
    SampleLayout layout = layout();
    TransferSyntax.Pixels encoding = header.syntax().pixels();
    if (encoding == TransferSyntax.Pixels.NATIVE) {
      return nativeSamples(layout);
    }
    byte[] coded = joinFragments();
    layout.requireEnough(coded.length);
    byte[] samples =
        switch (encoding) {
          case JPEG -> JpegSampleDecoder.decode(coded, layout);
          case JPEG_LS -> JpegLsDecoder.decode(coded, layout);
          case JPEG_2000 -> Jpeg2000Decoder.decode(coded, layout);
          case RLE -> RleDecoder.decode(coded, layout);
          case NATIVE, UNSUPPORTED -> throw header.syntax().unsupported();
        };
    return new DicomPixels.Samples(
        samples,
        0,
        samples.length,
        ByteOrder.LITTLE_ENDIAN,
        encoding == TransferSyntax.Pixels.RLE,
        false);
  }

  private SampleLayout layout() throws InvalidImageException {
    return new SampleLayout(
        width,
        height,
        photometric.samples(),
        DicomPixels.bitsAllocated(header) / 8,
        header.number(DicomTag.BITS_STORED),
        header.number(DicomTag.PIXEL_REPRESENTATION, 0) == 1);
  }

  private DicomPixels.Samples nativeSamples(SampleLayout layout) throws InvalidImageException {
    DicomElementReader.Element data = header.element(DicomTag.PIXEL_DATA);
    byte[] bytes = header.file();
    int offset = data.valueOffset();
    long length = data.length();
    if (length == DicomElementReader.UNDEFINED) {
      if (header.syntax() != TransferSyntax.ENCAPSULATED) {
        throw InvalidImageException.damaged(
            "%s of a length".formatted(DicomTag.PIXEL_DATA), "no length");
      }
      bytes = joinFragments();
      offset = 0;
      length = bytes.length;
    } else if (header.order() == ByteOrder.BIG_ENDIAN
        && layout.bytesPerSample() == 1
        && data.vr().equals("OW")) {
      bytes = swapped(bytes, offset, length);
      offset = 0;
    }
    boolean planar =
        photometric.samples() > 1 && header.number(DicomTag.PLANAR_CONFIGURATION, 0) == 1;
    return new DicomPixels.Samples(
        bytes, offset, length, header.order(), planar, photometric.isSubsampled());
  }

  /** Bytes that are stored in pairs, the second first. */
  private static byte[] swapped(byte[] bytes, int offset, long length) {
    var swapped = new byte[(int) Math.min(length, bytes.length - offset)];
    for (int i = 0; i < swapped.length; i++) {
      swapped[i] = bytes[Math.min(offset + (i ^ 1), bytes.length - 1)];
    }
    return swapped;
  }

  private byte[] decodeJpeg(JpegFile image) throws IOException {
    byte[] gray = image.toGray().pixels();
    if (photometric.samples() == 1) {
      byte[] grays = grays(8);
      for (int i = 0; i < gray.length; i++) {
        gray[i] = grays[gray[i] & 0xFF];
      }
    }
    return gray;
  }

  /** The gray of each pattern of this many bits. */
  private byte[] grays(int bits) throws InvalidImageException {
    return photometric == PhotometricInterpretation.PALETTE_COLOR
        ? palette(bits)
        : new DicomGrayscaleLut(header, bits, window).table();
  }

  private byte[] palette(int bits) throws InvalidImageException {
    DicomLut red = color(DicomTag.RED_PALETTE_DESCRIPTOR, DicomTag.RED_PALETTE);
    DicomLut green = color(DicomTag.GREEN_PALETTE_DESCRIPTOR, DicomTag.GREEN_PALETTE);
    DicomLut blue = color(DicomTag.BLUE_PALETTE_DESCRIPTOR, DicomTag.BLUE_PALETTE);
    var grays = new byte[1 << bits];
    for (int i = 0; i < grays.length; i++) {
      int luma = Luma.of(red.at(i), green.at(i), blue.at(i));
      grays[i] = (byte) ((luma * 255L + red.largest() / 2) / red.largest());
    }
    return grays;
  }

  private DicomLut color(DicomTag descriptor, DicomTag data) throws InvalidImageException {
    return DicomLut.of(header, descriptor, data, false);
  }

  /** Stretches the direction of larger spacing, if spacings differ. */
  private GrayImage withSquarePixels(GrayImage image) throws InvalidImageException {
    double ratio = verticalPerHorizontalSpacing();
    if (Math.abs(ratio - 1) < SPACING_TOLERANCE) {
      return image;
    }
    int newWidth = (int) Math.round(Math.min(width * Math.max(1, 1 / ratio), Short.MAX_VALUE));
    int newHeight = (int) Math.round(Math.min(height * Math.max(1, ratio), Short.MAX_VALUE));
    requireValidSize(newWidth, newHeight);
    return Resampler.resize(image, newWidth, newHeight);
  }

  private double verticalPerHorizontalSpacing() {
    for (DicomTag tag :
        new DicomTag[] {
          DicomTag.PIXEL_SPACING,
          DicomTag.IMAGER_PIXEL_SPACING,
          DicomTag.SCANNED_PIXEL_SPACING,
          DicomTag.PIXEL_ASPECT_RATIO
        }) {
      double vertical = header.decimalAt(tag, 0).orElse(0);
      double horizontal = header.decimalAt(tag, 1).orElse(0);
      if (vertical > 0 && horizontal > 0) {
        return vertical / horizontal;
      }
    }
    return 1;
  }
}
