package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.PatientBootstrap;
import java.util.List;

/**
 * What metrics depend on besides the predictions.
 *
 * @param task of the model
 * @param threshold the lowest probability that is predicted positive
 * @param thresholdRule the rule in words
 * @param bootstrapSeed the seed of the patient bootstrap
 * @param bootstrapResamples the number of resamples, at least 100
 * @param classSources whether the classes come from the same sources
 */
public record EvaluationSettings(
    Task task,
    double threshold,
    String thresholdRule,
    long bootstrapSeed,
    int bootstrapResamples,
    ClassSources classSources) {

  /**
   * {@return the bootstrap of these settings}
   *
   * @param patients the patient of each image
   */
  public PatientBootstrap bootstrap(List<String> patients) {
    return PatientBootstrap.of(patients, bootstrapSeed, bootstrapResamples);
  }
}
