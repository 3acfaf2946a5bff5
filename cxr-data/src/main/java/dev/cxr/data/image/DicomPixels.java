package dev.cxr.data.image;

/** The uncompressed pixels of a DICOM file: where each sample lies, and what gray they make. */
final class DicomPixels {

  private final byte[] file;
  private final int at;
  private final Photometric photometric;
  private final long pixels;
  private final boolean inPlanes;
  private final int bytesPerSample;
  private final int bits;
  private final int shift;

  /**
   * Finds the pixels.
   *
   * @throws ImageRefusedException if the header contradicts itself or the file has fewer
   */
  DicomPixels(byte[] file, DicomHeader header, int width, int height) throws ImageRefusedException {
    this.file = file;
    photometric = Photometric.of(header);
    int allocated = header.number(DicomTag.BITS_ALLOCATED);
    bits = header.number(DicomTag.BITS_STORED);
    int highBit = header.number(DicomTag.HIGH_BIT, bits - 1);
    if (allocated != 8 && allocated != 16) {
      throw refusal(DicomTag.BITS_ALLOCATED + " of 8 or 16", String.valueOf(allocated));
    }
    if (bits < 1 || highBit < bits - 1 || highBit >= allocated) {
      throw refusal(
          "%s and %s within %d bits".formatted(DicomTag.BITS_STORED, DicomTag.HIGH_BIT, allocated),
          "%d and %d".formatted(bits, highBit));
    }
    bytesPerSample = allocated / 8;
    shift = highBit + 1 - bits;
    inPlanes = !photometric.isMonochrome() && header.number(DicomTag.PLANAR_CONFIGURATION, 0) == 1;
    boolean halved = photometric == Photometric.YBR_FULL_422;
    if (halved && (inPlanes || bits != 8 || width % 2 != 0)) {
      throw refusal(
          "YBR_FULL_422 as pairs of pixels of 8 bits", "planes, other bits or an odd width");
    }
    if (photometric == Photometric.RGB && header.number(DicomTag.PIXEL_REPRESENTATION, 0) == 1) {
      throw refusal("colour without sign", "signed samples");
    }
    pixels = (long) width * height;
    long bytes = pixels * (halved ? 2 : photometric.samples() * bytesPerSample);
    DicomElements.Element data = header.element(DicomTag.PIXEL_DATA);
    at = data.valueAt();
    if (data.length() == DicomElements.UNDEFINED || data.length() < bytes) {
      throw refusal(
          "%s of %d bytes for %dx%d pixels".formatted(DicomTag.PIXEL_DATA, bytes, width, height),
          data.length() == DicomElements.UNDEFINED ? "no length" : String.valueOf(data.length()));
    }
    if (data.length() > file.length - at) { // even where those that are there would do
      throw refusal(
          "%d bytes of pixels".formatted(data.length()),
          (file.length - at) + " to the end of the file");
    }
  }

  /** The gray of a monochrome picture's pixels, within bounds, by the gray of their values. */
  byte[] monochrome(StoredValues values) {
    byte[] grays = values.grays();
    var gray = new byte[(int) pixels];
    for (int i = 0; i < gray.length; i++) {
      gray[i] = grays[pattern(i)];
    }
    return gray;
  }

  /** The gray of a colour picture's pixels, within bounds. */
  byte[] colour() {
    var gray = new byte[(int) pixels];
    int largest = (1 << bits) - 1;
    int step = inPlanes ? gray.length : 1; // from one sample of a pixel to the next
    for (int i = 0; i < gray.length; i++) {
      int first = inPlanes ? i : 3 * i;
      int luma =
          switch (photometric) {
            case RGB -> Luma.of(pattern(first), pattern(first + step), pattern(first + 2 * step));
            case YBR_FULL_422 -> pattern(i / 2 * 4 + i % 2); // two lumas, then their chromas
            default -> pattern(first);
          };
      gray[i] = (byte) ((luma * 255 + largest / 2) / largest);
    }
    return gray;
  }

  /** The bits of a sample, counted over all pixels. */
  private int pattern(int sample) {
    int byteAt = at + sample * bytesPerSample;
    int raw = file[byteAt] & 0xFF;
    if (bytesPerSample == 2) {
      raw |= (file[byteAt + 1] & 0xFF) << 8;
    }
    return raw >>> shift & ((1 << bits) - 1);
  }

  private static ImageRefusedException refusal(String expected, String found) {
    return new ImageRefusedException(
        "expected %s, found %s: the file is damaged or cut short, fetch it again"
            .formatted(expected, found));
  }
}
