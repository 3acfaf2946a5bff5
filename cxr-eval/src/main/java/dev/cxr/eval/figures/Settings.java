package dev.cxr.eval.figures;

import dev.cxr.data.index.Task;

/**
 * What figures depend on besides the predictions.
 *
 * @param task the question
 * @param threshold the lowest probability of the positive class that is called positive
 * @param thresholdChosenBy the rule in words
 * @param bootstrapSeed of the resamples of patients
 * @param bootstrapResamples how many there are, at least 100
 * @param classSources where the pictures of the classes come from
 */
public record Settings(
    Task task,
    double threshold,
    String thresholdChosenBy,
    long bootstrapSeed,
    int bootstrapResamples,
    ClassSources classSources) {

  /** Of classes from one source. */
  public Settings(
      Task task,
      double threshold,
      String thresholdChosenBy,
      long bootstrapSeed,
      int bootstrapResamples) {
    this(
        task, threshold, thresholdChosenBy, bootstrapSeed, bootstrapResamples, ClassSources.SHARED);
  }

  /** The same, the classes coming from elsewhere. */
  public Settings from(ClassSources sources) {
    return new Settings(
        task, threshold, thresholdChosenBy, bootstrapSeed, bootstrapResamples, sources);
  }
}
