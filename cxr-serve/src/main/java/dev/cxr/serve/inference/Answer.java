package dev.cxr.serve.inference;

import java.util.List;
import java.util.Optional;

/**
 * What a model says of a picture.
 *
 * @param probabilities of the bundle's classes, in order
 * @param explanation where it was asked for
 * @param picture where it was asked for: an 8-bit gray PNG of at most {@value
 *     ServedModel#LARGEST_SIDE} pixels a side, as a data URI
 */
public record Answer(
    List<Double> probabilities, Optional<Explanation> explanation, Optional<String> picture) {

  /** Keeps what it was given as it is. */
  public Answer {
    probabilities = List.copyOf(probabilities);
  }

  /**
   * What lies behind an answer.
   *
   * @param heatmap absent for networks that give no maps
   * @param unfamiliarity see {@link Familiarity}; absent for networks without batch normalisation
   */
  public record Explanation(Optional<Heatmap> heatmap, Optional<Double> unfamiliarity) {}

  /**
   * Where the evidence for a class lies.
   *
   * @param className the likeliest class but the first
   * @param png to be laid over the picture, as a data URI: transparent where nothing speaks for it
   */
  public record Heatmap(String className, String png) {}
}
