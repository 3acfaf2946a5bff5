package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.RankedScores;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * How many pictures lie so far from the training pictures that the model should not be asked about
 * them, by the distance to the nearest training embeddings (Y. Sun, Y. Ming, X. Zhu, Y. Li,
 * "Out-of-distribution detection with deep nearest neighbors", ICML 2022). What is far is decided
 * on validation, whose patients are no training patients either.
 *
 * @param limit the greatest distance that is not rejected: that of the {@value #KEPT_QUANTILE}
 *     quantile of validation
 * @param validationRejected the share of validation that is rejected, next to 5 %
 * @param rejected the share of the judged pictures that is rejected
 * @param byFinding the same for each finding
 * @param validationVsEvaluatedAuroc the AUROC with which the distance tells judged pictures from
 *     validation: one half where they are alike
 * @param sensitivity of those that are not rejected, at the operating threshold
 * @param specificity of those that are not rejected
 */
public record OutOfDistributionMetrics(
    Estimate limit,
    Estimate validationRejected,
    Estimate rejected,
    List<ByFinding> byFinding,
    Estimate validationVsEvaluatedAuroc,
    Estimate sensitivity,
    Estimate specificity) {

  private static final double KEPT_QUANTILE = 0.95;

  /** The share of the pictures of one finding that is rejected. */
  public record ByFinding(Finding finding, Estimate rejected) {}

  /** Judges distances, which every judged picture has. */
  static OutOfDistributionMetrics of(
      LabelledPredictions evaluated,
      LabelledPredictions validation,
      double threshold,
      PatientBootstrap bootstrap) {
    double[] validationDistances = distances(validation);
    double[] own = distances(evaluated);
    if (validationDistances.length == 0 || !allFinite(validationDistances) || !allFinite(own)) {
      return undefined(
          validationDistances.length == 0
              ? "no validation picture to choose the limit on"
              : "an embedding is no finite vector");
    }
    double[] sorted = validationDistances.clone();
    Arrays.sort(sorted);
    double limit = sorted[(int) Math.ceil(KEPT_QUANTILE * sorted.length) - 1];
    LabelledPredictions kept = evaluated.filter(p -> distance(p) <= limit);
    ConfusionMatrix accepted = ConfusionMatrix.of(kept.scores(), threshold);
    double[] both =
        DoubleStream.concat(Arrays.stream(own), Arrays.stream(validationDistances)).toArray();
    boolean[] isJudged = new boolean[both.length];
    Arrays.fill(isJudged, 0, own.length, true);
    return new OutOfDistributionMetrics(
        new Estimate.Defined(limit, validationDistances.length),
        rejectedShare(validationDistances, limit),
        bootstrap.resample(times -> rejectedShare(own, limit, times)).estimate(e -> e),
        rejectedByFinding(evaluated, limit),
        RankedScores.of(new LabelledScores(both, isJudged)).auroc(),
        accepted.recall(),
        accepted.specificity());
  }

  private static OutOfDistributionMetrics undefined(String reason) {
    Estimate none = new Estimate.Undefined(reason);
    return new OutOfDistributionMetrics(none, none, none, List.of(), none, none, none);
  }

  private static List<ByFinding> rejectedByFinding(LabelledPredictions evaluated, double limit) {
    return Arrays.stream(Finding.values())
        .filter(finding -> evaluated.predictions().stream().anyMatch(hasFinding(finding)))
        .map(
            finding ->
                new ByFinding(
                    finding,
                    rejectedShare(distances(evaluated.filter(hasFinding(finding))), limit)))
        .toList();
  }

  private static Predicate<ImagePrediction> hasFinding(Finding finding) {
    return p -> p.finding() == finding;
  }

  private static Estimate rejectedShare(double[] distances, double limit) {
    int[] once = new int[distances.length];
    Arrays.fill(once, 1);
    return rejectedShare(distances, limit, once);
  }

  private static Estimate rejectedShare(double[] distances, double limit, int[] weights) {
    long far = 0;
    long all = 0;
    for (int i = 0; i < distances.length; i++) {
      far += distances[i] > limit ? weights[i] : 0;
      all += weights[i];
    }
    return Estimate.proportion(far, all, "no example");
  }

  private static double[] distances(LabelledPredictions rows) {
    return rows.predictions().stream().mapToDouble(OutOfDistributionMetrics::distance).toArray();
  }

  private static double distance(ImagePrediction p) {
    return p.trainingDistance().orElse(Double.NaN);
  }

  private static boolean allFinite(double[] distances) {
    return Arrays.stream(distances).allMatch(Double::isFinite);
  }
}
