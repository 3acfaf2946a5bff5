package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;
import dev.cxr.data.index.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * How well one feature alone separates two classes.
 *
 * @param classPair the two classes
 * @param partition the splits
 * @param feature the feature
 * @param firstCount the number of images of the first class with the feature, at least 1
 * @param secondCount the number of images of the second class, at least 1
 * @param outcome the result
 */
public record Shortcut(
    ClassPair classPair,
    Partition partition,
    ImageFeature feature,
    int firstCount,
    int secondCount,
    Outcome outcome) {

  private static final double WARNING_AUROC = 0.7;

  /** The result for one feature. */
  public sealed interface Outcome {}

  /**
   * All images have the same value.
   *
   * @param value the value
   */
  public record ConstantFeature(double value) implements Outcome {}

  /**
   * The feature varies.
   *
   * @param higherMember the class with the higher values
   * @param auroc the area under the ROC curve for that class, never below 0.5
   */
  public record Separation(PairMember higherMember, FeatureAuroc auroc) implements Outcome {

    /**
     * {@return whether the area is at least {@value #WARNING_AUROC} and its interval excludes 0.5}
     */
    public boolean isWarning() {
      return auroc.area() >= WARNING_AUROC && auroc.low() > 0.5;
    }
  }

  /** One of the two classes. */
  @JsonAdapter(HyphenatedNames.class)
  public enum PairMember {
    /** The first class. */
    FIRST,
    /** The second class. */
    SECOND
  }

  /** By class pair, feature and partition; omitted if a class has no image with the feature. */
  static List<Shortcut> findIn(List<ImageProperties> images, List<ClassPair> classPairs) {
    List<Shortcut> shortcuts = new ArrayList<>();
    for (ClassPair classPair : classPairs) {
      for (ImageFeature feature : ImageFeature.values()) {
        for (Partition partition : Partition.values()) {
          List<ImageProperties> inPartition =
              images.stream().filter(f -> Partition.of(f.xray().split()) == partition).toList();
          double[] first = values(feature, inPartition, classPair::isFirst);
          double[] second = values(feature, inPartition, classPair::isSecond);
          if (first.length > 0 && second.length > 0) {
            shortcuts.add(
                new Shortcut(
                    classPair,
                    partition,
                    feature,
                    first.length,
                    second.length,
                    outcome(first, second)));
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

  private static Outcome outcome(double[] first, double[] second) {
    double any = first[0];
    if (DoubleStream.of(first).allMatch(v -> v == any)
        && DoubleStream.of(second).allMatch(v -> v == any)) {
      return new ConstantFeature(any);
    }
    FeatureAuroc auroc = FeatureAuroc.of(first, second);
    return auroc.area() < 0.5
        ? new Separation(PairMember.FIRST, auroc.inverted())
        : new Separation(PairMember.SECOND, auroc);
  }
}
