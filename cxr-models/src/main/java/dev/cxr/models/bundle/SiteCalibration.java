package dev.cxr.models.bundle;

/**
 * How a bundle's operating point was fitted to the pictures of one site. Nothing of these pictures
 * is in it but how many there were.
 *
 * @param sourceBundle identifies the bundle that it was made of
 * @param originalThreshold that bundle's operating threshold, at which the figures on validation
 *     stand
 * @param originalTemperature that bundle's temperature
 * @param method by which rule, in words
 * @param imageCount how many of the site's pictures were looked at, at least 1
 * @param usedLabels whether their findings were made use of
 */
public record SiteCalibration(
    String sourceBundle,
    OperatingThreshold originalThreshold,
    double originalTemperature,
    String method,
    int imageCount,
    boolean usedLabels) {

  /**
   * @throws IllegalArgumentException if anything is missing or there was no picture
   */
  public SiteCalibration {
    // A reader of JSON leaves null where a name stands for nothing.
    if (sourceBundle == null || originalThreshold == null || method == null || imageCount < 1) {
      throw new IllegalArgumentException(
          "a calibration that says of which bundle, how and on how many pictures");
    }
  }

  /** What a reader of any figure of the bundle has to know, in a sentence. */
  public String notice() {
    return "Calibrated on a site, not the plain protocol: %s; made of bundle %s."
        .formatted(method, sourceBundle);
  }
}
