package dev.cxr.eval.calibration;

import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.unlabelled.GaussianMixture;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.bundle.SiteCalibration;
import java.util.List;
import java.util.Optional;

/**
 * An operating point that {@link SiteCalibrator} fitted.
 *
 * @param threshold on the probabilities at {@code temperature}
 * @param temperature of the new bundle
 * @param images how many it was fitted on
 * @param mixture of unlabelled images, the two groups of their logits
 * @param report of labelled images, metrics on the images that it was fitted on
 * @param notices what a reader should know about the images
 */
public record SiteOperatingPoint(
    OperatingThreshold threshold,
    double temperature,
    int images,
    Optional<GaussianMixture> mixture,
    Optional<BinaryMetrics> report,
    List<String> notices) {

  private static final int MAX_NAME_LENGTH = 64;

  /**
   * {@return the manifest of the new bundle}
   *
   * @param bundle the bundle that was calibrated
   */
  public Manifest manifest(Bundle bundle) {
    Manifest trained = bundle.manifest();
    return trained.withCalibration(
        new SiteCalibration(
            bundle.id(),
            trained.threshold(),
            trained.temperature(),
            threshold.rule(),
            images,
            report.isPresent()),
        derivedName(trained, "-site"),
        threshold,
        temperature);
  }

  /**
   * {@return the name of a bundle with a suffix, shortened to what a name may have}
   *
   * @param trained of the bundle
   * @param suffix of the new name
   */
  public static String derivedName(Manifest trained, String suffix) {
    String name = trained.name();
    return name.substring(0, Math.min(name.length(), MAX_NAME_LENGTH - suffix.length())) + suffix;
  }
}
