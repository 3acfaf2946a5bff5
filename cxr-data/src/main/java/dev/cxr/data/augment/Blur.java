package dev.cxr.data.augment;

/** Mixes an image with its 3 x 3 mean filter. */
final class Blur {

  private Blur() {}

  /**
   * Replaces each pixel g by {@code g + mix * (mean - g)}, clamped to 0..1. The edge pixels are
   * repeated outwards.
   */
  static void apply(float[] image, int width, int height, float mix) {
    if (mix == 0) {
      return;
    }
    // Row sums of the previous, this and the next row: a row is overwritten after its sums are
    // taken.
    var above = new float[width];
    var here = new float[width];
    var below = new float[width];
    sumRow(image, 0, width, here);
    System.arraycopy(here, 0, above, 0, width);
    float neighbourWeight = mix / 9;
    float centreWeight = 1 - mix;
    for (int y = 0; y < height; y++) {
      int row = y * width;
      if (y < height - 1) {
        sumRow(image, row + width, width, below);
      } else {
        System.arraycopy(here, 0, below, 0, width);
      }
      for (int x = 0; x < width; x++) {
        float mixed =
            centreWeight * image[row + x] + neighbourWeight * (above[x] + here[x] + below[x]);
        image[row + x] = Math.max(0f, Math.min(1f, mixed));
      }
      float[] reusable = above;
      above = here;
      here = below;
      below = reusable;
    }
  }

  /** The sum of each pixel and its left and right neighbours. */
  private static void sumRow(float[] image, int row, int width, float[] sums) {
    int last = width - 1;
    sums[0] = image[row] + image[row] + image[row + Math.min(1, last)];
    for (int x = 1; x < last; x++) {
      sums[x] = image[row + x - 1] + image[row + x] + image[row + x + 1];
    }
    if (last > 0) {
      sums[last] = image[row + last - 1] + image[row + last] + image[row + last];
    }
  }
}
