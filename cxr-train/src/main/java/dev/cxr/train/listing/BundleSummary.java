package dev.cxr.train.listing;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * A model bundle: of a training run, or on its own (an ensemble, with a KNN index, calibrated).
 *
 * @param name its path below the folder of runs
 * @param id 12 hex digits that identify its bytes
 * @param model the name of the model
 * @param architecture network or composition
 * @param dataset the name of the training dataset
 * @param written when the folder was last modified
 * @param epoch of the weights
 * @param validationMetrics the metrics that chose epoch and threshold
 */
public record BundleSummary(
    String name,
    String id,
    String model,
    String architecture,
    String dataset,
    Instant written,
    int epoch,
    Map<RunMetric, Estimate> validationMetrics) {

  /** Whether a folder is a bundle, readable or not. */
  static boolean isBundle(Path folder) {
    return Files.exists(folder.resolve("bundle.json"));
  }

  static BundleSummary read(Path folder, String name) throws IOException {
    Bundle.Summary bundle = Bundle.summary(folder);
    Manifest manifest = bundle.manifest();
    return new BundleSummary(
        name,
        bundle.id(),
        manifest.name(),
        manifest.architecture()
            + (manifest.knnIndex() == null ? "" : ", KNN")
            + (manifest.calibration() == null ? "" : ", calibrated"),
        manifest.data().name(),
        Files.getLastModifiedTime(folder).toInstant(),
        manifest.epoch(),
        RunMetric.ofBundle(manifest.validationMetrics()));
  }
}
