package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Task;

/**
 * What figures depend on besides the predictions.
 *
 * @param task the question
 * @param threshold the lowest probability of the positive class that is called positive
 * @param thresholdRule the rule in words
 * @param bootstrapSeed of the resamples of patients
 * @param bootstrapResamples how many there are, at least 100
 * @param classSources where the pictures of the classes come from
 */
public record EvaluationSettings(
    Task task,
    double threshold,
    String thresholdRule,
    long bootstrapSeed,
    int bootstrapResamples,
    ClassSources classSources) {

  /** Of classes from one source. */
  public EvaluationSettings(
      Task task,
      double threshold,
      String thresholdChosenBy,
      long bootstrapSeed,
      int bootstrapResamples) {
    this(
        task, threshold, thresholdChosenBy, bootstrapSeed, bootstrapResamples, ClassSources.SHARED);
  }

  /** The same, the classes coming from elsewhere. */
  public EvaluationSettings withClassSources(ClassSources sources) {
    return new EvaluationSettings(
        task, threshold, thresholdRule, bootstrapSeed, bootstrapResamples, sources);
  }
}
