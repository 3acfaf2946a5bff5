package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * How well one feature alone tells two groups of pictures apart.
 *
 * @param classPair which groups
 * @param partition of which splits
 * @param feature which feature
 * @param firstCount how many pictures of the first group have it, at least 1
 * @param secondCount how many of the second, at least 1
 * @param outcome what came of it
 */
public record Shortcut(
    ClassPair classPair,
    Partition partition,
    ImageFeature feature,
    int firstCount,
    int secondCount,
    Outcome outcome) {

  private static final double WARNING_AUROC = 0.7;

  /** What came of a comparison. */
  public sealed interface Outcome {}

  /**
   * Nothing: all pictures have one value.
   *
   * @param value which
   */
  public record ConstantFeature(double value) implements Outcome {}

  /**
   * How well the feature tells.
   *
   * @param higherMember the group that has the greater values more often than not
   * @param auroc for telling that group by greater values, so never below 0.5
   */
  public record Separation(PairMember higherMember, Auroc auroc) implements Outcome {

    /** Whether the area is {@value #WARNING_AUROC} or more and its interval leaves chance out. */
    public boolean isWarning() {
      return auroc.area() >= WARNING_AUROC && auroc.low() > 0.5;
    }
  }

  /** One of the two groups of a comparison. */
  public enum PairMember {
    /** The first. */
    @SerializedName("first")
    FIRST,
    /** The second. */
    @SerializedName("second")
    SECOND
  }

  /** By comparison, feature and side; left out where a group has no picture with the feature. */
  static List<Shortcut> findIn(List<ImageProperties> images) {
    List<Shortcut> shortcuts = new ArrayList<>();
    for (ClassPair classPair : ClassPair.values()) {
      for (ImageFeature feature : ImageFeature.values()) {
        for (Partition partition : Partition.values()) {
          List<ImageProperties> inPartition =
              images.stream().filter(f -> Partition.of(f.xray().split()) == partition).toList();
          double[] first = values(feature, inPartition, classPair::isFirst);
          double[] second = values(feature, inPartition, classPair::isSecond);
          if (first.length > 0 && second.length > 0) {
            shortcuts.add(findIn(classPair, partition, feature, first, second));
          }
        }
      }
    }
    return shortcuts;
  }

  private static double[] values(
      ImageFeature feature, List<ImageProperties> facts, Predicate<Finding> group) {
    return feature.extract(facts.stream().filter(f -> group.test(f.xray().finding())).toList());
  }

  private static Shortcut findIn(
      ClassPair classPair,
      Partition partition,
      ImageFeature feature,
      double[] first,
      double[] second) {
    return new Shortcut(
        classPair, partition, feature, first.length, second.length, outcome(first, second));
  }

  private static Outcome outcome(double[] first, double[] second) {
    double any = first[0];
    if (DoubleStream.of(first).allMatch(v -> v == any)
        && DoubleStream.of(second).allMatch(v -> v == any)) {
      return new ConstantFeature(any);
    }
    Auroc auroc = Auroc.of(first, second);
    return auroc.area() < 0.5
        ? new Separation(PairMember.FIRST, auroc.inverted())
        : new Separation(PairMember.SECOND, auroc);
  }
}
