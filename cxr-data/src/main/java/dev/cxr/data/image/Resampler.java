package dev.cxr.data.image;

import java.util.Arrays;

/**
 * Resizes images by antialiased bilinear interpolation.
 *
 * <p>Uses the arithmetic of Pillow's {@code Image.resize(size, BILINEAR)} ({@code Resample.c}): a
 * triangle filter whose support grows with the shrink factor, along rows and then along columns,
 * with 22-bit fixed-point weights and rounding to 8 bits after each. Not left to a library, because
 * the input of a model must be the same bytes on every platform.
 *
 * @since 0.1
 */
public final class Resampler {
  /** Of a 32-bit sum, 8 bits for the sample and 2 bits of headroom leave 22 bits for the weight. */
  private static final int PRECISION = 32 - 8 - 2;

  private Resampler() {}

  /**
   * Resizes an image without keeping its aspect ratio.
   *
   * @param image any image
   * @param width new columns, at least 1
   * @param height new rows, at least 1
   * @return the resized image, or {@code image} if it has that size
   * @throws IllegalArgumentException if a side is below 1
   */
  public static GrayImage resize(GrayImage image, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Expected a new size of at least 1x1 pixels, found %dx%d.".formatted(width, height));
    }
    GrayImage wide = width == image.width() ? image : alongRows(image, width);
    return height == wide.height() ? wide : alongColumns(wide, height);
  }

  private static GrayImage alongRows(GrayImage image, int width) {
    var taps = Taps.of(image.width(), width);
    byte[] in = image.pixels();
    var out = new byte[width * image.height()];
    for (int y = 0; y < image.height(); y++) {
      int row = y * image.width();
      for (int x = 0; x < width; x++) {
        int sum = 1 << (PRECISION - 1);
        int from = row + taps.first[x];
        int weight = x * taps.size;
        for (int k = 0; k < taps.count[x]; k++) {
          sum += (in[from + k] & 0xFF) * taps.weights[weight + k];
        }
        out[y * width + x] = toByte(sum);
      }
    }
    return new GrayImage(width, image.height(), out);
  }

  private static GrayImage alongColumns(GrayImage image, int height) {
    var taps = Taps.of(image.height(), height);
    int width = image.width();
    byte[] in = image.pixels();
    var out = new byte[width * height];
    var sums = new int[width]; // a row at a time, so that memory is read in order
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 1 << (PRECISION - 1));
      for (int k = 0; k < taps.count[y]; k++) {
        int row = (taps.first[y] + k) * width;
        int weight = taps.weights[y * taps.size + k];
        for (int x = 0; x < width; x++) {
          sums[x] += (in[row + x] & 0xFF) * weight;
        }
      }
      for (int x = 0; x < width; x++) {
        out[y * width + x] = toByte(sums[x]);
      }
    }
    return new GrayImage(width, height, out);
  }

  private static byte toByte(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PRECISION));
  }

  /**
   * The weights of the filter: new sample {@code i} is the sum over {@code k < count[i]} of old
   * sample {@code first[i] + k} times {@code weights[i * size + k]}.
   */
  private static final class Taps {
    final int size;
    final int[] first;
    final int[] count;
    final int[] weights;

    private Taps(int size, int length) {
      this.size = size;
      first = new int[length];
      count = new int[length];
      weights = new int[length * size];
    }

    static Taps of(int from, int to) {
      double scale = (double) from / to;
      double support = Math.max(1, scale); // of the triangle, in old samples
      var taps = new Taps((int) Math.ceil(support) * 2 + 1, to);
      var weights = new double[taps.size];
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * scale;
        int first = Math.max(0, (int) (centre - support + 0.5));
        int count = Math.min(from, (int) (centre + support + 0.5)) - first;
        double total = 0;
        for (int k = 0; k < count; k++) {
          // Multiplies by the reciprocal like Pillow; a division can round differently.
          double distance = Math.abs((k + first - centre + 0.5) * (1 / support));
          weights[k] = Math.max(0, 1 - distance);
          total += weights[k];
        }
        for (int k = 0; k < count; k++) {
          taps.weights[i * taps.size + k] = (int) (0.5 + weights[k] / total * (1 << PRECISION));
        }
        taps.first[i] = first;
        taps.count[i] = count;
      }
      return taps;
    }
  }
}
