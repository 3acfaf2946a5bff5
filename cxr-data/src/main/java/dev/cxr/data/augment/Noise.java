package dev.cxr.data.augment;

import java.util.SplittableRandom;

/** Gaussian noise, independent for each pixel. */
final class Noise {

  /** Mean and standard deviation of the sum of eight uniform bytes. */
  private static final int MEAN = 1020;

  private static final double DEVIATION = Math.sqrt(8 * (256 * 256 - 1) / 12.0);

  private Noise() {}

  /** Adds noise of standard deviation {@code sigma} and clamps to 0..1. */
  static void add(float[] image, double sigma, long seed) {
    if (sigma == 0) {
      return;
    }
    var random = new SplittableRandom(seed);
    float scale = (float) (sigma / DEVIATION);
    for (int i = 0; i < image.length; i++) {
      float noisy = image[i] + scale * (sumOfBytes(random.nextLong()) - MEAN);
      image[i] = Math.max(0f, Math.min(1f, noisy));
    }
  }

  /** An approximate normal distribution, the same on every machine without a logarithm. */
  private static int sumOfBytes(long bits) {
    long pairs = (bits & 0x00FF00FF00FF00FFL) + ((bits >>> 8) & 0x00FF00FF00FF00FFL);
    return (int) ((pairs * 0x0001000100010001L) >>> 48);
  }
}
