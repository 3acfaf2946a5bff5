package dev.cxr.models.bundle;

/**
 * How a bundle's operating point was fitted to the pictures of one site. Nothing of these pictures
 * is in it but how many there were.
 *
 * @param from identifies the bundle that it was made of
 * @param before that bundle's operating threshold, at which the figures on validation stand
 * @param beforeTemperature that bundle's temperature
 * @param how by which rule, in words
 * @param pictures how many of the site's pictures were looked at, at least 1
 * @param labelled whether their findings were made use of
 */
public record SiteCalibration(
    String from,
    Manifest.Threshold before,
    double beforeTemperature,
    String how,
    int pictures,
    boolean labelled) {

  /**
   * @throws IllegalArgumentException if anything is missing or there was no picture
   */
  public SiteCalibration {
    // A reader of JSON leaves null where a name stands for nothing.
    if (from == null || before == null || how == null || pictures < 1) {
      throw new IllegalArgumentException(
          "a calibration that says of which bundle, how and on how many pictures");
    }
  }

  /** What a reader of any figure of the bundle has to know, in a sentence. */
  public String notice() {
    return "Calibrated on a site, not the plain protocol: %s; made of bundle %s."
        .formatted(how, from);
  }
}
