package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.catalogue.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * How well one feature alone tells two groups of pictures apart.
 *
 * @param comparison which groups
 * @param side of which splits
 * @param feature which feature
 * @param first how many pictures of the first group have it, at least 1
 * @param second how many of the second, at least 1
 * @param outcome what came of it
 */
public record Shortcut(
    Comparison comparison, Side side, Feature feature, int first, int second, Outcome outcome) {

  private static final double WARNING = 0.7;

  /** What came of a comparison. */
  public sealed interface Outcome {}

  /**
   * Nothing: all pictures have one value.
   *
   * @param value which
   */
  public record SameForAll(double value) implements Outcome {}

  /**
   * How well the feature tells.
   *
   * @param greater the group that has the greater values more often than not
   * @param auroc for telling that group by greater values, so never below 0.5
   */
  public record Told(Group greater, Auroc auroc) implements Outcome {

    /** Whether the area is {@value #WARNING} or more and its interval leaves chance out. */
    public boolean isWarning() {
      return auroc.area() >= WARNING && auroc.low() > 0.5;
    }
  }

  /** One of the two groups of a comparison. */
  public enum Group {
    /** The first. */
    @SerializedName("first")
    FIRST,
    /** The second. */
    @SerializedName("second")
    SECOND
  }

  /** By comparison, feature and side; left out where a group has no picture with the feature. */
  static List<Shortcut> of(List<PictureFacts> facts) {
    List<Shortcut> shortcuts = new ArrayList<>();
    for (Comparison comparison : Comparison.values()) {
      for (Feature feature : Feature.values()) {
        for (Side side : Side.values()) {
          List<PictureFacts> here =
              facts.stream().filter(f -> Side.of(f.xray().split()) == side).toList();
          double[] first = values(feature, here, comparison::isFirst);
          double[] second = values(feature, here, comparison::isSecond);
          if (first.length > 0 && second.length > 0) {
            shortcuts.add(of(comparison, side, feature, first, second));
          }
        }
      }
    }
    return shortcuts;
  }

  private static double[] values(
      Feature feature, List<PictureFacts> facts, Predicate<Finding> group) {
    return feature.of(facts.stream().filter(f -> group.test(f.xray().finding())).toList());
  }

  private static Shortcut of(
      Comparison comparison, Side side, Feature feature, double[] first, double[] second) {
    return new Shortcut(
        comparison, side, feature, first.length, second.length, outcome(first, second));
  }

  private static Outcome outcome(double[] first, double[] second) {
    double any = first[0];
    if (DoubleStream.of(first).allMatch(v -> v == any)
        && DoubleStream.of(second).allMatch(v -> v == any)) {
      return new SameForAll(any);
    }
    Auroc auroc = Auroc.of(first, second);
    return auroc.area() < 0.5
        ? new Told(Group.FIRST, auroc.mirrored())
        : new Told(Group.SECOND, auroc);
  }
}
