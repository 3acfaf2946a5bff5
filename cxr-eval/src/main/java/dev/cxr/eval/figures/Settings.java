package dev.cxr.eval.figures;

import dev.cxr.data.catalogue.Task;

/**
 * What figures depend on besides the predictions.
 *
 * @param task the question
 * @param threshold the lowest probability of the positive class that is called positive
 * @param thresholdChosenBy the rule in words
 * @param bootstrapSeed of the resamples of patients
 * @param bootstrapResamples how many there are, at least 100
 */
public record Settings(
    Task task,
    double threshold,
    String thresholdChosenBy,
    long bootstrapSeed,
    int bootstrapResamples) {}
