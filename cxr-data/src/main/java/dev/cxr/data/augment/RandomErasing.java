package dev.cxr.data.augment;

import java.util.SplittableRandom;

/**
 * Random erasing (Zhong, Zheng, Kang, Li, Yang: Random Erasing Data Augmentation, AAAI 2020): fills
 * a rectangle with random gray values.
 */
final class RandomErasing {

  /** The minimum aspect ratio, {@code r1} of the paper. */
  private static final double MIN_ASPECT = 0.3;

  private RandomErasing() {}

  /**
   * Erases a rectangle of {@code area}, a fraction of the image. Its position is sampled uniformly,
   * its aspect ratio uniformly in its logarithm among the ratios that fit; the paper rejects ratios
   * that do not fit instead.
   */
  static void erase(float[] image, int width, int height, double area, long seed) {
    if (area == 0) {
      return;
    }
    var random = new SplittableRandom(seed);
    double ratio = StrictMath.pow(Math.max(MIN_ASPECT, area), 1 - 2 * random.nextDouble());
    int columns = scaledSide(width, Math.sqrt(area * ratio));
    int rows = scaledSide(height, Math.sqrt(area / ratio));
    int left = random.nextInt(width - columns + 1);
    int top = random.nextInt(height - rows + 1);
    for (int y = top; y < top + rows; y++) {
      int row = y * width;
      for (int x = left; x < left + columns; x++) {
        image[row + x] = (random.nextInt() >>> 8) * 0x1p-24f;
      }
    }
  }

  private static int scaledSide(int whole, double fraction) {
    return Math.max(1, Math.min(whole, (int) (whole * fraction + 0.5)));
  }
}
