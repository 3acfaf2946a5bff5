package dev.cxr.models.bundle;

/**
 * How the operating point of a bundle was fitted to images of one site. It holds nothing of those
 * images but their number.
 *
 * @param sourceBundle id of the bundle it was derived from
 * @param originalThreshold the operating threshold of that bundle, to which the validation metrics
 *     belong
 * @param originalTemperature the temperature of that bundle
 * @param method the rule, in words
 * @param imageCount the number of images of the site that were used, at least 1
 * @param usedLabels whether their labels were used
 */
public record SiteCalibration(
    String sourceBundle,
    OperatingThreshold originalThreshold,
    double originalTemperature,
    String method,
    int imageCount,
    boolean usedLabels) {

  /**
   * Checks the values.
   *
   * @param sourceBundle as of the record
   * @param originalThreshold as of the record
   * @param originalTemperature as of the record
   * @param method as of the record
   * @param imageCount as of the record
   * @param usedLabels as of the record
   * @throws IllegalArgumentException if a value is missing or there is no image
   */
  public SiteCalibration {
    // Gson leaves null for unknown enum constants and missing keys.
    if (sourceBundle == null || originalThreshold == null || method == null || imageCount < 1) {
      throw new IllegalArgumentException(
          "a calibration with its source bundle, method and number of images");
    }
  }

  /** {@return the sentence that must accompany every metric of the bundle} */
  public String notice() {
    return "Calibrated on a site, not the plain protocol: %s; derived from bundle %s."
        .formatted(method, sourceBundle);
  }
}
