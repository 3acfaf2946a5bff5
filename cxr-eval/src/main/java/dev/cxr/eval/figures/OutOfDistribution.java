package dev.cxr.eval.figures;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.Ranking;
import dev.cxr.eval.prediction.Prediction;
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
 * @param limit the greatest distance that is not rejected: that of the {@value #KEPT} quantile of
 *     validation
 * @param validation the share of validation that is rejected, next to 5 %
 * @param rejected the share of the judged pictures that is rejected
 * @param findings the same for each finding
 * @param separation the AUROC with which the distance tells judged pictures from validation: one
 *     half where they are alike
 * @param sensitivity of those that are not rejected, at the operating threshold
 * @param specificity of those that are not rejected
 */
public record OutOfDistribution(
    Estimate limit,
    Estimate validation,
    Estimate rejected,
    List<ByFinding> findings,
    Estimate separation,
    Estimate sensitivity,
    Estimate specificity) {

  private static final double KEPT = 0.95;

  /** The share of the pictures of one finding that is rejected. */
  public record ByFinding(Finding finding, Estimate rejected) {}

  /** Judges distances, which every judged picture has. */
  static OutOfDistribution of(
      Rows judged, Rows validation, double threshold, PatientBootstrap bootstrap) {
    double[] usual = distances(validation);
    double[] own = distances(judged);
    if (usual.length == 0 || !all(usual) || !all(own)) {
      return undefined(
          usual.length == 0
              ? "no validation picture to choose the limit on"
              : "an embedding is no finite vector");
    }
    double[] sorted = usual.clone();
    Arrays.sort(sorted);
    double limit = sorted[(int) Math.ceil(KEPT * sorted.length) - 1];
    Rows kept = judged.those(p -> distance(p) <= limit);
    ConfusionMatrix accepted = ConfusionMatrix.of(kept.scores(), threshold);
    double[] both = DoubleStream.concat(Arrays.stream(own), Arrays.stream(usual)).toArray();
    boolean[] isJudged = new boolean[both.length];
    Arrays.fill(isJudged, 0, own.length, true);
    return new OutOfDistribution(
        new Estimate.Defined(limit, usual.length),
        share(usual, limit),
        bootstrap.resample(times -> share(own, limit, times)).estimate(e -> e),
        byFinding(judged, limit),
        Ranking.of(new LabelledScores(both, isJudged)).auroc(),
        accepted.recall(),
        accepted.specificity());
  }

  private static OutOfDistribution undefined(String reason) {
    Estimate none = new Estimate.Undefined(reason);
    return new OutOfDistribution(none, none, none, List.of(), none, none, none);
  }

  private static List<ByFinding> byFinding(Rows judged, double limit) {
    return Arrays.stream(Finding.values())
        .filter(finding -> judged.predictions().stream().anyMatch(is(finding)))
        .map(finding -> new ByFinding(finding, share(distances(judged.those(is(finding))), limit)))
        .toList();
  }

  private static Predicate<Prediction> is(Finding finding) {
    return p -> p.finding() == finding;
  }

  private static Estimate share(double[] distances, double limit) {
    int[] once = new int[distances.length];
    Arrays.fill(once, 1);
    return share(distances, limit, once);
  }

  private static Estimate share(double[] distances, double limit, int[] times) {
    long far = 0;
    long all = 0;
    for (int i = 0; i < distances.length; i++) {
      far += distances[i] > limit ? times[i] : 0;
      all += times[i];
    }
    return Estimate.proportion(far, all, "no example");
  }

  private static double[] distances(Rows rows) {
    return rows.predictions().stream().mapToDouble(OutOfDistribution::distance).toArray();
  }

  private static double distance(Prediction p) {
    return p.trainingDistance().orElse(Double.NaN);
  }

  private static boolean all(double[] distances) {
    return Arrays.stream(distances).allMatch(Double::isFinite);
  }
}
