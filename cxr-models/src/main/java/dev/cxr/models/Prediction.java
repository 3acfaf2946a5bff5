package dev.cxr.models;

import dev.cxr.models.bundle.Manifest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model predicts for one image. Research software, not a medical device.
 *
 * @param probabilities of every class, in the order of the bundle's classes; they sum to 1. Of an
 *     anomaly model they order images and are not calibrated.
 * @param positiveProbability in [0, 1]: that of the positive class; of three classes, for example,
 *     1 - P(NORMAL)
 * @param threshold the bundle's operating threshold, in [0, 1]
 * @param decision the positive class if {@code positiveProbability} is at or above the threshold,
 *     else the first class, or "not" and the positive one of several
 * @since 0.1
 */
public record Prediction(
    Map<String, Double> probabilities,
    double positiveProbability,
    double threshold,
    String decision) {

  /**
   * Keeps a copy in the same order.
   *
   * @param probabilities as of the record
   * @param positiveProbability as of the record
   * @param threshold as of the record
   * @param decision as of the record
   */
  public Prediction {
    probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
  }

  /**
   * Applies the operating threshold of a bundle.
   *
   * @param probabilities of the bundle's classes, in order
   * @param manifest of the bundle
   * @return the prediction
   */
  public static Prediction of(Manifest manifest, double[] probabilities) {
    Map<String, Double> byClass = new LinkedHashMap<>();
    for (int i = 0; i < probabilities.length; i++) {
      byClass.put(manifest.classes().get(i), probabilities[i]);
    }
    double positive = manifest.task().positiveProbability(probabilities);
    double threshold = manifest.threshold().value();
    return new Prediction(
        byClass,
        positive,
        threshold,
        positive >= threshold ? manifest.positiveClass() : manifest.task().negativeLabel());
  }

  /** {@return whether the positive probability is at or above the threshold} */
  public boolean isPositive() {
    return positiveProbability >= threshold;
  }

  /** {@return the most probable class other than the first, which is the negative one} */
  public String likeliestPositiveClass() {
    return probabilities.entrySet().stream()
        .skip(1)
        .reduce((best, next) -> next.getValue() > best.getValue() ? next : best)
        .orElseThrow()
        .getKey();
  }
}
