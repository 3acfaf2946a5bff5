package dev.cxr.data.image;

/** Reads the uncompressed pixels of a DICOM file as gray. */
final class DicomPixels {

  private final byte[] file;
  private final int offset;
  private final PhotometricInterpretation photometric;
  private final long pixels;
  private final boolean isPlanar;
  private final int bytesPerSample;
  private final int bits;
  private final int shift;

  /**
   * Locates the pixels.
   *
   * @throws InvalidImageException if the header contradicts itself or the file has fewer pixels
   */
  DicomPixels(byte[] file, DicomHeader header, int width, int height) throws InvalidImageException {
    this.file = file;
    photometric = PhotometricInterpretation.of(header);
    int allocated = header.number(DicomTag.BITS_ALLOCATED);
    bits = header.number(DicomTag.BITS_STORED);
    int highBit = header.number(DicomTag.HIGH_BIT, bits - 1);
    if (allocated != 8 && allocated != 16) {
      throw InvalidImageException.damaged(
          DicomTag.BITS_ALLOCATED + " of 8 or 16", String.valueOf(allocated));
    }
    if (bits < 1 || highBit < bits - 1 || highBit >= allocated) {
      throw InvalidImageException.damaged(
          "%s and %s within %d bits".formatted(DicomTag.BITS_STORED, DicomTag.HIGH_BIT, allocated),
          "%d and %d".formatted(bits, highBit));
    }
    bytesPerSample = allocated / 8;
    shift = highBit + 1 - bits;
    isPlanar = !photometric.isMonochrome() && header.number(DicomTag.PLANAR_CONFIGURATION, 0) == 1;
    boolean subsampled = photometric == PhotometricInterpretation.YBR_FULL_422;
    if (subsampled && (isPlanar || bits != 8 || width % 2 != 0)) {
      throw InvalidImageException.damaged(
          "YBR_FULL_422 as pairs of pixels of 8 bits", "planes, other bits or an odd width");
    }
    if (photometric == PhotometricInterpretation.RGB
        && header.number(DicomTag.PIXEL_REPRESENTATION, 0) == 1) {
      throw InvalidImageException.damaged("colour without sign", "signed samples");
    }
    pixels = (long) width * height;
    long bytes = pixels * (subsampled ? 2 : photometric.samples() * bytesPerSample);
    DicomElementReader.Element data = header.element(DicomTag.PIXEL_DATA);
    offset = data.valueOffset();
    if (data.length() == DicomElementReader.UNDEFINED || data.length() < bytes) {
      throw InvalidImageException.damaged(
          "%s of %d bytes for %dx%d pixels".formatted(DicomTag.PIXEL_DATA, bytes, width, height),
          data.length() == DicomElementReader.UNDEFINED
              ? "no length"
              : String.valueOf(data.length()));
    }
    if (data.length() > file.length - offset) { // truncated, even if all pixels are present
      throw InvalidImageException.damaged(
          "%d bytes of pixels".formatted(data.length()),
          (file.length - offset) + " to the end of the file");
    }
  }

  /** Converts the pixels of a monochrome image. */
  byte[] toGray(DicomGrayscaleLut values) {
    byte[] grays = values.table();
    var gray = new byte[(int) pixels];
    for (int i = 0; i < gray.length; i++) {
      gray[i] = grays[sampleBits(i)];
    }
    return gray;
  }

  /** Converts the pixels of a colour image. */
  byte[] toLuma() {
    var gray = new byte[(int) pixels];
    int largest = (1 << bits) - 1;
    int step = isPlanar ? gray.length : 1; // from one sample of a pixel to the next
    for (int i = 0; i < gray.length; i++) {
      int first = isPlanar ? i : 3 * i;
      int luma =
          switch (photometric) {
            case RGB ->
                Luma.of(sampleBits(first), sampleBits(first + step), sampleBits(first + 2 * step));
            case YBR_FULL_422 -> sampleBits(i / 2 * 4 + i % 2); // two lumas, then their chromas
            default -> sampleBits(first);
          };
      gray[i] = (byte) ((luma * 255 + largest / 2) / largest);
    }
    return gray;
  }

  /** The stored bits of a sample; samples are numbered across all pixels. */
  private int sampleBits(int sample) {
    int byteAt = offset + sample * bytesPerSample;
    int raw = file[byteAt] & 0xFF;
    if (bytesPerSample == 2) {
      raw |= (file[byteAt + 1] & 0xFF) << 8;
    }
    return raw >>> shift & ((1 << bits) - 1);
  }
}
