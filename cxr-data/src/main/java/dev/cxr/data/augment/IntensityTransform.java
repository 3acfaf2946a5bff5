package dev.cxr.data.augment;

/** Gamma and contrast, as a table of the 256 gray values there are. */
final class IntensityTransform {

  private static final float[] UNCHANGED = table(1, 1);

  private IntensityTransform() {}

  /**
   * What each stored gray value becomes, 255 being white.
   *
   * <p>Contrast may lead out of 0..255: like brightness it commutes with interpolation, and is cut
   * off together with it.
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
