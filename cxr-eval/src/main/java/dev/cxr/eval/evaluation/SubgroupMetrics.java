package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.eval.prediction.BaselineFeature;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The metrics of a subgroup of the images.
 *
 * @param attribute that defines the subgroups
 * @param group the value of the attribute
 * @param images the number of images
 * @param auroc of this subgroup; of a finding, against all images of the other class
 * @param sensitivity at the operating threshold
 * @param specificity at the operating threshold
 */
public record SubgroupMetrics(
    String attribute,
    String group,
    long images,
    Estimate auroc,
    Estimate sensitivity,
    Estimate specificity) {

  /** With fewer images of either class, a subgroup cannot be the worst. */
  private static final long MIN_PER_CLASS = 10;

  /**
   * All subgroups and the worst of them.
   *
   * @param all by finding, image size and brightness
   * @param worst the subgroup with the smallest AUROC of those with at least ten images of either
   *     class; empty if there is none
   */
  public record Subgroups(List<SubgroupMetrics> all, Optional<Worst> worst) {}

  /** The subgroup with the smallest AUROC. */
  public record Worst(String attribute, String group, Estimate auroc) {}

  /** A subgroup and the number of its images of the rarer class. */
  private record SizedSubgroup(SubgroupMetrics subgroup, long rarerClassCount) {}

  static Subgroups of(LabelledPredictions evaluated, double threshold) {
    List<SizedSubgroup> all = new ArrayList<>(byFinding(evaluated, threshold));
    all.addAll(byTerciles(evaluated, BaselineFeature.PIXELS, "small", "large", threshold));
    all.addAll(byTerciles(evaluated, BaselineFeature.MEAN_INTENSITY, "dark", "bright", threshold));
    Optional<Worst> worst =
        all.stream()
            .filter(
                s ->
                    s.rarerClassCount() >= MIN_PER_CLASS
                        && s.subgroup().auroc() instanceof Estimate.Defined)
            .map(SizedSubgroup::subgroup)
            .min(Comparator.comparingDouble(s -> ((Estimate.Defined) s.auroc()).value()))
            .map(s -> new Worst(s.attribute(), s.group(), s.auroc()));
    return new Subgroups(all.stream().map(SizedSubgroup::subgroup).toList(), worst);
  }

  private static List<SizedSubgroup> byFinding(LabelledPredictions evaluated, double threshold) {
    List<SizedSubgroup> parts = new ArrayList<>();
    for (Finding finding : Finding.values()) {
      long images = count(evaluated, p -> p.finding() == finding);
      if (images > 0) {
        boolean positive = evaluated.task().isPositive(finding);
        LabelledPredictions rows =
            evaluated.filter(
                p ->
                    p.finding() == finding || evaluated.task().isPositive(p.finding()) != positive);
        ConfusionMatrix counts = ConfusionMatrix.of(rows.scores(), threshold);
        String name = finding.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        Estimate none = new Estimate.Undefined(positive ? "positives only" : "negatives only");
        parts.add(
            sized(
                rows.scores(),
                new SubgroupMetrics(
                    "finding",
                    name,
                    images,
                    RankingMetrics.of(rows.scores()).auroc(),
                    positive ? counts.recall() : none,
                    positive ? none : counts.specificity())));
      }
    }
    return parts;
  }

  /** Terciles; tied values stay together. */
  private static List<SizedSubgroup> byTerciles(
      LabelledPredictions evaluated,
      BaselineFeature feature,
      String low,
      String high,
      double threshold) {
    if (evaluated.predictions().isEmpty() || evaluated.scoresByFeature(feature).isEmpty()) {
      return List.of();
    }
    double[] sorted =
        evaluated.predictions().stream().mapToDouble(p -> value(p, feature)).sorted().toArray();
    double third = sorted[sorted.length / 3];
    double twoThirds = sorted[2 * sorted.length / 3];
    if (sorted[0] == sorted[sorted.length - 1]) {
      return List.of(); // all values are equal
    }
    String by = feature == BaselineFeature.PIXELS ? "image size" : "brightness";
    List<SizedSubgroup> parts = new ArrayList<>();
    parts.add(tercile(by, low, evaluated, threshold, p -> value(p, feature) < third));
    parts.add(
        tercile(
            by,
            "middle",
            evaluated,
            threshold,
            p -> value(p, feature) >= third && value(p, feature) < twoThirds));
    parts.add(tercile(by, high, evaluated, threshold, p -> value(p, feature) >= twoThirds));
    parts.removeIf(part -> part.subgroup().images() == 0);
    return parts;
  }

  private static SizedSubgroup tercile(
      String by,
      String name,
      LabelledPredictions evaluated,
      double threshold,
      Predicate<ImagePrediction> chosen) {
    LabelledPredictions rows = evaluated.filter(chosen);
    LabelledScores scores = rows.scores();
    ConfusionMatrix counts = ConfusionMatrix.of(scores, threshold);
    return sized(
        scores,
        new SubgroupMetrics(
            by,
            name,
            rows.predictions().size(),
            RankingMetrics.of(scores).auroc(),
            counts.recall(),
            counts.specificity()));
  }

  private static SizedSubgroup sized(LabelledScores scores, SubgroupMetrics subgroup) {
    RankingMetrics ranking = RankingMetrics.of(scores);
    return new SizedSubgroup(subgroup, Math.min(ranking.positives(), ranking.negatives()));
  }

  private static double value(ImagePrediction prediction, BaselineFeature feature) {
    return prediction.baselineFeatures().getOrDefault(feature, Double.NaN);
  }

  private static long count(LabelledPredictions rows, Predicate<ImagePrediction> chosen) {
    return rows.predictions().stream().filter(chosen).count();
  }
}
