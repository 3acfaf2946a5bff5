package dev.cxr.data.audit;

/** How much of the range from black to white an image uses, but for few pixels. */
enum GrayRange {
  /** All pixels have one value. */
  CONSTANT,
  /** Less than a tenth, at black. */
  NEARLY_BLACK,
  /** Less than a tenth. */
  SMALL,
  /** A tenth or more. */
  USUAL;

  /** A tenth of 256. */
  private static final double SMALLEST_USUAL = 25.6;

  /** Of the pixels, such as those of a burned-in letter; as many at either end. */
  private static final double LEFT_OUT = 0.005;

  /**
   * The range of an image.
   *
   * @param histogram how many pixels have each value from 0 to 255
   */
  static GrayRange of(int[] histogram) {
    long pixels = 0;
    int values = 0;
    for (int count : histogram) {
      pixels += count;
      values += count > 0 ? 1 : 0;
    }
    if (values == 1) {
      return CONSTANT;
    }
    int darkest = quantile(histogram, pixels * LEFT_OUT);
    int brightest = quantile(histogram, pixels * (1 - LEFT_OUT));
    return brightest < SMALLEST_USUAL
        ? NEARLY_BLACK
        : brightest - darkest < SMALLEST_USUAL ? SMALL : USUAL;
  }

  private static int quantile(int[] histogram, double below) {
    long sum = histogram[0];
    int value = 0;
    while (sum < below) {
      value++;
      sum += histogram[value];
    }
    return value;
  }
}
