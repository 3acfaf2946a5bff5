package dev.cxr.eval.figures;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Ranking;
import dev.cxr.eval.prediction.Prediction;
import dev.cxr.eval.prediction.Trait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The figures of a part of the pictures.
 *
 * @param by what the pictures were parted by
 * @param part which of them these are
 * @param pictures how many
 * @param auroc of this part; of a finding, against all pictures on the other side
 * @param sensitivity at the operating threshold
 * @param specificity at the operating threshold
 */
public record Subgroup(
    String by,
    String part,
    long pictures,
    Estimate auroc,
    Estimate sensitivity,
    Estimate specificity) {

  /** With fewer of either class a part is too small to be called the worst. */
  private static final long FEWEST = 10;

  /**
   * All parts, and the worst of them.
   *
   * @param all by finding, image size and brightness
   * @param worst by what and which part, of those with at least ten pictures of either class the
   *     one with the smallest AUROC; empty if there is none
   */
  public record Subgroups(List<Subgroup> all, Optional<Worst> worst) {}

  /** The part with the smallest AUROC. */
  public record Worst(String by, String part, Estimate auroc) {}

  /** A part and how many of its pictures are of the rarer class. */
  private record Sized(Subgroup subgroup, long rarer) {}

  /** The same without what mixes the classes. */
  static Subgroups apart(Subgroups all) {
    Estimate none = new Estimate.Undefined(ClassSources.REASON);
    return new Subgroups(
        all.all().stream()
            .map(s -> new Subgroup(s.by, s.part, s.pictures, none, s.sensitivity, s.specificity))
            .toList(),
        Optional.empty());
  }

  static Subgroups of(Rows judged, double threshold) {
    List<Sized> all = new ArrayList<>(byFinding(judged, threshold));
    all.addAll(byThirds(judged, Trait.PIXELS, "small", "large", threshold));
    all.addAll(byThirds(judged, Trait.MEAN_INTENSITY, "dark", "bright", threshold));
    Optional<Worst> worst =
        all.stream()
            .filter(s -> s.rarer() >= FEWEST && s.subgroup().auroc() instanceof Estimate.Defined)
            .map(Sized::subgroup)
            .min(Comparator.comparingDouble(s -> ((Estimate.Defined) s.auroc()).value()))
            .map(s -> new Worst(s.by(), s.part(), s.auroc()));
    return new Subgroups(all.stream().map(Sized::subgroup).toList(), worst);
  }

  private static List<Sized> byFinding(Rows judged, double threshold) {
    List<Sized> parts = new ArrayList<>();
    for (Finding finding : Finding.values()) {
      long pictures = count(judged, p -> p.finding() == finding);
      if (pictures > 0) {
        boolean positive = judged.task().isPositive(finding);
        Rows rows =
            judged.those(
                p -> p.finding() == finding || judged.task().isPositive(p.finding()) != positive);
        ConfusionMatrix counts = ConfusionMatrix.of(rows.scores(), threshold);
        String name = finding.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        Estimate none = new Estimate.Undefined(positive ? "positives only" : "negatives only");
        parts.add(
            sized(
                rows.scores(),
                new Subgroup(
                    "finding",
                    name,
                    pictures,
                    Ranking.of(rows.scores()).auroc(),
                    positive ? counts.recall() : none,
                    positive ? none : counts.specificity())));
      }
    }
    return parts;
  }

  /** Thirds of equally many pictures; equal values stay together. */
  private static List<Sized> byThirds(
      Rows judged, Trait trait, String low, String high, double threshold) {
    if (judged.predictions().isEmpty() || judged.by(trait).isEmpty()) {
      return List.of();
    }
    double[] sorted =
        judged.predictions().stream().mapToDouble(p -> value(p, trait)).sorted().toArray();
    double third = sorted[sorted.length / 3];
    double twoThirds = sorted[2 * sorted.length / 3];
    if (sorted[0] == sorted[sorted.length - 1]) {
      return List.of(); // all the same: there are no parts
    }
    String by = trait == Trait.PIXELS ? "image size" : "brightness";
    List<Sized> parts = new ArrayList<>();
    parts.add(third(by, low, judged, threshold, p -> value(p, trait) < third));
    parts.add(
        third(
            by,
            "middle",
            judged,
            threshold,
            p -> value(p, trait) >= third && value(p, trait) < twoThirds));
    parts.add(third(by, high, judged, threshold, p -> value(p, trait) >= twoThirds));
    parts.removeIf(part -> part.subgroup().pictures() == 0);
    return parts;
  }

  private static Sized third(
      String by, String name, Rows judged, double threshold, Predicate<Prediction> chosen) {
    Rows rows = judged.those(chosen);
    LabelledScores scores = rows.scores();
    ConfusionMatrix counts = ConfusionMatrix.of(scores, threshold);
    return sized(
        scores,
        new Subgroup(
            by,
            name,
            rows.predictions().size(),
            Ranking.of(scores).auroc(),
            counts.recall(),
            counts.specificity()));
  }

  private static Sized sized(LabelledScores scores, Subgroup subgroup) {
    Ranking ranking = Ranking.of(scores);
    return new Sized(subgroup, Math.min(ranking.positives(), ranking.negatives()));
  }

  private static double value(Prediction prediction, Trait trait) {
    return prediction.traits().getOrDefault(trait, Double.NaN);
  }

  private static long count(Rows rows, Predicate<Prediction> chosen) {
    return rows.predictions().stream().filter(chosen).count();
  }
}
