package dev.cxr.data.image;

import java.nio.ByteOrder;

/** Converts the samples of a DICOM file, as stored or as decompressed, to gray. */
final class DicomPixels {

  private final byte[] bytes;
  private final int offset;

  /** The place of the less significant byte of a sample of two. */
  private final int lowByte;

  private final PhotometricInterpretation photometric;
  private final long pixels;
  private final boolean isPlanar;
  private final boolean isSubsampled;
  private final int bytesPerSample;
  private final int bits;
  private final int shift;

  /**
   * The samples of one frame.
   *
   * @param bytes contain them
   * @param offset of the first one
   * @param length the number of bytes, which may be more than needed
   * @param order of the bytes of a sample
   * @param isPlanar whether the samples are stored plane by plane
   * @param isSubsampled whether pairs of pixels share their chroma
   */
  // An array, because a list would box millions of samples.
  @SuppressWarnings("ArrayRecordComponent")
  record Samples(
      byte[] bytes,
      int offset,
      long length,
      ByteOrder order,
      boolean isPlanar,
      boolean isSubsampled) {}

  /**
   * Checks the pixels.
   *
   * @throws InvalidImageException if the header contradicts itself or the file has fewer pixels
   */
  DicomPixels(Samples samples, DicomHeader header, int width, int height)
      throws InvalidImageException {
    photometric = PhotometricInterpretation.of(header);
    int allocated = bitsAllocated(header);
    bits = header.number(DicomTag.BITS_STORED);
    int highBit = header.number(DicomTag.HIGH_BIT, bits - 1);
    if (bits < 1 || highBit < bits - 1 || highBit >= allocated) {
      throw InvalidImageException.damaged(
          "%s and %s within %d bits".formatted(DicomTag.BITS_STORED, DicomTag.HIGH_BIT, allocated),
          "%d and %d".formatted(bits, highBit));
    }
    bytesPerSample = allocated / 8;
    shift = highBit + 1 - bits;
    isPlanar = samples.isPlanar;
    isSubsampled = samples.isSubsampled;
    if (isSubsampled && (isPlanar || bits != 8 || width % 2 != 0)) {
      throw InvalidImageException.damaged(
          "YBR_FULL_422 as pairs of pixels of 8 bits", "planes, other bits or an odd width");
    }
    if (photometric.isRgb() && header.number(DicomTag.PIXEL_REPRESENTATION, 0) == 1) {
      throw InvalidImageException.damaged("colour without sign", "signed samples");
    }
    bytes = samples.bytes;
    offset = samples.offset;
    lowByte = samples.order == ByteOrder.BIG_ENDIAN ? 1 : 0;
    pixels = (long) width * height;
    long needed = pixels * (isSubsampled ? 2 : photometric.samples() * bytesPerSample);
    if (samples.length < needed) {
      throw InvalidImageException.damaged(
          "%s of %d bytes for %dx%d pixels".formatted(DicomTag.PIXEL_DATA, needed, width, height),
          String.valueOf(samples.length));
    }
    if (samples.length > bytes.length - offset) { // truncated, even if all pixels are present
      throw InvalidImageException.damaged(
          "%d bytes of pixels".formatted(samples.length),
          (bytes.length - offset) + " to the end of the file");
    }
  }

  static int bitsAllocated(DicomHeader header) throws InvalidImageException {
    int allocated = header.number(DicomTag.BITS_ALLOCATED);
    if (allocated != 8 && allocated != 16) {
      throw InvalidImageException.of(
          DicomTag.BITS_ALLOCATED + " of 8 or 16", allocated, "convert the file to 16 bits");
    }
    return allocated;
  }

  /** Converts the pixels of an image of one sample, whose patterns of bits have these grays. */
  byte[] toGray(byte[] grays) {
    var gray = new byte[(int) pixels];
    int mask = (1 << bits) - 1;
    if (bytesPerSample == 1) {
      for (int i = 0; i < gray.length; i++) {
        gray[i] = grays[((bytes[offset + i] & 0xFF) >>> shift) & mask];
      }
    } else {
      int low = offset + lowByte;
      int high = offset + 1 - lowByte;
      for (int i = 0; i < gray.length; i++) {
        int raw = (bytes[low + 2 * i] & 0xFF) | (bytes[high + 2 * i] & 0xFF) << 8;
        gray[i] = grays[(raw >>> shift) & mask];
      }
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
          photometric.isRgb()
              ? Luma.of(sampleBits(first), sampleBits(first + step), sampleBits(first + 2 * step))
              // Two lumas come before their chromas.
              : sampleBits(isSubsampled ? i / 2 * 4 + i % 2 : first);
      int scaled = (luma * 255 + largest / 2) / largest;
      gray[i] = (byte) (photometric.isPartial() ? Luma.ofPartial(scaled) : scaled);
    }
    return gray;
  }

  /** The stored bits of a sample; samples are numbered across all pixels. */
  private int sampleBits(int sample) {
    int at = offset + sample * bytesPerSample;
    int raw =
        bytesPerSample == 1
            ? bytes[at] & 0xFF
            : (bytes[at + lowByte] & 0xFF) | (bytes[at + 1 - lowByte] & 0xFF) << 8;
    return (raw >>> shift) & ((1 << bits) - 1);
  }
}
