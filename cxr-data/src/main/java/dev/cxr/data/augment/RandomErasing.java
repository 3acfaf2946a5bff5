package dev.cxr.data.augment;

import java.util.SplittableRandom;

/**
 * Random erasing (Zhong, Zheng, Kang, Li, Yang: Random Erasing Data Augmentation, AAAI 2020): a
 * rectangle's pixels become random.
 */
final class RandomErasing {

  /** How flat the rectangle may be: {@code r1} of the paper. */
  private static final double MIN_ASPECT = 0.3;

  private RandomErasing() {}

  /**
   * Erases a rectangle of {@code area}, a fraction of the picture's. Its place is drawn evenly, and
   * its sides' ratio evenly in its logarithm among those that fit, where the paper would draw again
   * until one does.
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
