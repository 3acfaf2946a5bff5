package dev.cxr.data.augment;

/** Gamma and contrast, as a lookup table of 256 gray values. */
final class IntensityTransform {

  private static final float[] UNCHANGED = table(1, 1);

  private IntensityTransform() {}

  /**
   * The new value of each stored gray value, where 255 is white.
   *
   * <p>Contrast may leave 0..255: it is clamped later, together with brightness.
   */
  static float[] lookupTable(double gamma, double contrast) {
    return gamma == 1 && contrast == 1 ? UNCHANGED : table(gamma, contrast);
  }

  private static float[] table(double gamma, double contrast) {
    var table = new float[256];
    for (int i = 0; i < table.length; i++) {
      double gray = StrictMath.pow(i / 255.0, gamma);
      table[i] = (float) (255 * (0.5 + contrast * (gray - 0.5)));
    }
    return table;
  }
}
