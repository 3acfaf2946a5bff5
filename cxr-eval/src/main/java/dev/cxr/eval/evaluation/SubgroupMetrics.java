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
import java.util.Optional;
import java.util.stream.IntStream;

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

  static Subgroups of(LabelledPredictions evaluated, double threshold) {
    List<SubgroupMetrics> all = new ArrayList<>();
    for (Finding finding : evaluated.findings()) {
      all.add(ofFinding(finding, evaluated, threshold));
    }
    all.addAll(byTerciles(evaluated, BaselineFeature.PIXELS, "small", "large", threshold));
    all.addAll(byTerciles(evaluated, BaselineFeature.MEAN_INTENSITY, "dark", "bright", threshold));
    Optional<Worst> worst =
        all.stream()
            .filter(subgroup -> subgroup.rarerClassCount() >= MIN_PER_CLASS)
            .min(Comparator.comparingDouble(s -> s.auroc().valueOr(0)))
            .map(s -> new Worst(s.attribute(), s.group(), s.auroc()));
    return new Subgroups(List.copyOf(all), worst);
  }

  /** {@return the number of images of the rarer class; 0 without an AUROC} */
  private long rarerClassCount() {
    if (!(auroc instanceof Estimate.Defined defined)) {
      return 0;
    }
    Estimate ofOneClass = sensitivity instanceof Estimate.Defined ? sensitivity : specificity;
    long one = ((Estimate.Defined) ofOneClass).n();
    return Math.min(one, defined.n() - one);
  }

  private static SubgroupMetrics ofFinding(
      Finding finding, LabelledPredictions evaluated, double threshold) {
    boolean positive = evaluated.task().isPositive(finding);
    LabelledPredictions rows =
        evaluated.filter(
            p ->
                p.finding().equals(finding)
                    || evaluated.task().isPositive(p.finding()) != positive);
    SubgroupMetrics all = of("finding", finding.displayName(), rows, threshold);
    Estimate none = new Estimate.Undefined(positive ? "positives only" : "negatives only");
    return new SubgroupMetrics(
        all.attribute,
        all.group,
        rows.filter(p -> p.finding().equals(finding)).predictions().size(),
        all.auroc,
        positive ? all.sensitivity : none,
        positive ? none : all.specificity);
  }

  /** Terciles; tied values stay together. */
  private static List<SubgroupMetrics> byTerciles(
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
    if (sorted[0] == sorted[sorted.length - 1]) {
      return List.of(); // all values are equal
    }
    String by = feature == BaselineFeature.PIXELS ? "image size" : "brightness";
    List<String> names = List.of(low, "middle", high);
    double[] limits = {
      sorted[0], sorted[sorted.length / 3], sorted[2 * sorted.length / 3], Double.POSITIVE_INFINITY
    };
    return IntStream.range(0, names.size())
        .mapToObj(
            part ->
                of(
                    by,
                    names.get(part),
                    evaluated.filter(
                        p ->
                            value(p, feature) >= limits[part]
                                && value(p, feature) < limits[part + 1]),
                    threshold))
        .filter(subgroup -> subgroup.images() > 0)
        .toList();
  }

  private static SubgroupMetrics of(
      String attribute, String group, LabelledPredictions rows, double threshold) {
    LabelledScores scores = rows.scores();
    ConfusionMatrix counts = ConfusionMatrix.of(scores, threshold);
    return new SubgroupMetrics(
        attribute,
        group,
        rows.predictions().size(),
        RankingMetrics.of(scores).auroc(),
        counts.recall(),
        counts.specificity());
  }

  private static double value(ImagePrediction prediction, BaselineFeature feature) {
    return prediction.baselineFeatures().getOrDefault(feature, Double.NaN);
  }
}
