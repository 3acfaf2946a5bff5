package dev.cxr.data.image;

/**
 * The layout of decoded samples: little endian, interleaved by pixel unless a decoder says
 * otherwise.
 *
 * @param width columns
 * @param height rows
 * @param samples samples per pixel
 * @param bytesPerSample 1 or 2
 * @param bits that are stored of a sample
 * @param signed whether samples are signed
 */
record SampleLayout(
    int width, int height, int samples, int bytesPerSample, int bits, boolean signed) {

  /** A byte of a real radiograph holds a few pixels; this bounds the memory for others. */
  private static final int MAX_PIXELS_PER_BYTE = 4096;

  int pixels() {
    return width * height;
  }

  /** The bytes of all samples; at most 240 million, because pixels are limited before. */
  int bytes() {
    return pixels() * samples * bytesPerSample;
  }

  /**
   * Checks the header of compressed pixels.
   *
   * @param codec its name, with an article
   * @param precision the bits of a sample
   * @throws InvalidImageException if it has another size, or samples that do not fit
   */
  void require(String codec, int foundWidth, int foundHeight, int foundSamples, int precision)
      throws InvalidImageException {
    if (foundWidth != width || foundHeight != height || foundSamples != samples) {
      throw InvalidImageException.damaged(
          "%s of %dx%d pixels with %d samples as in the header"
              .formatted(codec, width, height, samples),
          "%dx%d with %d".formatted(foundWidth, foundHeight, foundSamples));
    }
    if (precision < 1 || precision > 8 * bytesPerSample) {
      throw InvalidImageException.damaged(
          "%s of at most %d bits per sample".formatted(codec, 8 * bytesPerSample),
          String.valueOf(precision));
    }
  }

  /**
   * Checks that the pixels can be in so many compressed bytes.
   *
   * @throws InvalidImageException if there are far too few
   */
  void requireEnough(int bytes) throws InvalidImageException {
    if ((long) bytes * MAX_PIXELS_PER_BYTE < pixels()) {
      throw InvalidImageException.tooFewBytes(width, height, bytes);
    }
  }

  /** Writes the nearest sample that the stored bits can hold: lossy decoding exceeds them. */
  void putNearest(byte[] frame, int index, int value) {
    int largest = (1 << (signed ? bits - 1 : bits)) - 1;
    put(frame, index, Math.max(signed ? -largest - 1 : 0, Math.min(largest, value)));
  }

  /** Writes a sample. */
  void put(byte[] frame, int index, int value) {
    if (bytesPerSample == 1) {
      frame[index] = (byte) value;
    } else {
      frame[2 * index] = (byte) value;
      frame[2 * index + 1] = (byte) (value >> 8);
    }
  }
}
