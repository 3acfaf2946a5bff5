package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The net benefit of acting on a model's probabilities, in true positives per example, at each
 * threshold (A. J. Vickers and E. B. Elkin, "Decision curve analysis: a novel method for evaluating
 * prediction models", Medical Decision Making 26, 2006). Threshold {@code t} accepts {@code (1 - t)
 * / t} false positives for one true positive. The net benefit of treating no one is 0.
 *
 * @param points in the order of their thresholds
 */
public record DecisionCurve(List<Point> points) {

  /**
   * The net benefit at one threshold, with the normal interval of a mean.
   *
   * @param threshold in (0, 1)
   * @param model treating those whose probability reaches the threshold; at most the share of
   *     positives
   * @param all treating everyone
   */
  public record Point(double threshold, Estimate model, Estimate all) {}

  /**
   * Copies the list.
   *
   * @param points in the order of their thresholds
   */
  public DecisionCurve {
    points = List.copyOf(points);
  }

  /**
   * {@return the curve at the thresholds 0.01, 0.02 … 0.99}
   *
   * @param probabilities probabilities in [0, 1]
   */
  public static DecisionCurve of(LabelledScores probabilities) {
    return of(probabilities, IntStream.range(1, 100).mapToDouble(t -> t / 100.0).toArray());
  }

  /**
   * {@return the curve at chosen thresholds}
   *
   * @param probabilities probabilities in [0, 1]
   * @param thresholds in (0, 1)
   * @throws IllegalArgumentException if a threshold is out of range
   */
  public static DecisionCurve of(LabelledScores probabilities, double... thresholds) {
    return new DecisionCurve(
        Arrays.stream(thresholds).mapToObj(at -> point(probabilities, at)).toList());
  }

  private static Point point(LabelledScores probabilities, double threshold) {
    String undefinedReason = probabilities.undefinedReasonAsProbabilities();
    if (undefinedReason != null) {
      Estimate undefined = new Estimate.Undefined(undefinedReason);
      return new Point(threshold, undefined, undefined);
    }
    ConfusionMatrix model = ConfusionMatrix.of(probabilities, threshold);
    ConfusionMatrix all =
        new ConfusionMatrix(model.tp() + model.fn(), model.fp() + model.tn(), 0, 0);
    return new Point(threshold, netBenefit(model, threshold), netBenefit(all, threshold));
  }

  /**
   * {@return the net benefit of decisions, tp / n - fp / n · t / (1 - t)}
   *
   * @param counts of the decisions
   * @param threshold the weight of false positives, in (0, 1)
   */
  public static Estimate netBenefit(ConfusionMatrix counts, double threshold) {
    if (counts.n() == 0) {
      return new Estimate.Undefined("no example");
    }
    double odds = threshold / (1 - threshold);
    double n = counts.n();
    double benefit = (counts.tp() - counts.fp() * odds) / n;
    double meanSquare = (counts.tp() + counts.fp() * odds * odds) / n;
    double variance = Math.max(0, meanSquare - benefit * benefit) / n;
    return new Estimate.Defined(benefit, counts.n(), Interval.normal(benefit, variance));
  }
}
