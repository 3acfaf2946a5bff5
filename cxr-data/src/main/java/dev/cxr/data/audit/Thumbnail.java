package dev.cxr.data.audit;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.util.Arrays;

/**
 * An image at {@value #SIDE}x{@value #SIDE}, kept in memory instead of its pixels.
 *
 * <p>Its hash is the 64-bit DCT hash of C. Zauner, "Implementation and benchmarking of perceptual
 * image hash functions" (2010): which of the 8x8 lowest frequencies, without the constant row and
 * column, exceed their median.
 */
final class Thumbnail {

  static final int SIDE = 32;
  private static final int HASH_SIZE = 8;

  /** {@code COSINE[k][x]} for frequency k + 1. */
  private static final double[][] COSINE = new double[HASH_SIZE][SIDE];

  static {
    for (int k = 0; k < HASH_SIZE; k++) {
      for (int x = 0; x < SIDE; x++) {
        // StrictMath, so that a hash is the same on every machine.
        COSINE[k][x] = StrictMath.cos(Math.PI * (k + 1) * (2 * x + 1) / (2 * SIDE));
      }
    }
  }

  private final byte[] pixels;
  private final long sum;
  private final long sumOfSquares;
  private final long hash;

  private Thumbnail(byte[] pixels) {
    this.pixels = pixels;
    long sum = 0;
    long sumOfSquares = 0;
    for (byte pixel : pixels) {
      long v = Byte.toUnsignedInt(pixel);
      sum += v;
      sumOfSquares += v * v;
    }
    this.sum = sum;
    this.sumOfSquares = sumOfSquares;
    this.hash = hash(pixels);
  }

  /** Does not keep the aspect ratio. */
  static Thumbnail of(GrayImage image) {
    return new Thumbnail(Resampler.resize(image, SIDE, SIDE).pixels());
  }

  /** The number of different bits of the 64-bit hashes, small for similar images. */
  int hashDistance(Thumbnail other) {
    return Long.bitCount(hash ^ other.hash);
  }

  /**
   * Pearson's correlation of the pixels, -1 to 1, independent of brightness and contrast. 0 if
   * either image is constant.
   */
  double correlation(Thumbnail other) {
    long product = 0;
    for (int i = 0; i < pixels.length; i++) {
      product += Byte.toUnsignedLong(pixels[i]) * Byte.toUnsignedLong(other.pixels[i]);
    }
    double variances = (double) variance() * other.variance();
    return variances == 0 ? 0 : (pixels.length * product - sum * other.sum) / Math.sqrt(variances);
  }

  /** The variance times the squared number of pixels, an exact integer. */
  private long variance() {
    return pixels.length * sumOfSquares - sum * sum;
  }

  private static long hash(byte[] pixels) {
    double[][] rows = new double[SIDE][HASH_SIZE];
    for (int y = 0; y < SIDE; y++) {
      for (int u = 0; u < HASH_SIZE; u++) {
        for (int x = 0; x < SIDE; x++) {
          rows[y][u] += COSINE[u][x] * Byte.toUnsignedInt(pixels[y * SIDE + x]);
        }
      }
    }
    double[] waves = new double[HASH_SIZE * HASH_SIZE];
    for (int v = 0; v < HASH_SIZE; v++) {
      for (int u = 0; u < HASH_SIZE; u++) {
        for (int y = 0; y < SIDE; y++) {
          waves[v * HASH_SIZE + u] += COSINE[v][y] * rows[y][u];
        }
      }
    }
    double[] sorted = waves.clone();
    Arrays.sort(sorted);
    double median = (sorted[31] + sorted[32]) / 2;
    long hash = 0;
    for (int i = 0; i < waves.length; i++) {
      hash |= waves[i] > median ? 1L << i : 0;
    }
    return hash;
  }
}
