package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ThresholdRuleTest {

  /** From the highest score down: positive, negative, positive, negative, positive, negative. */
  private static final LabelledScores ALTERNATING =
      new LabelledScores(
          new double[] {0.1, 0.3, 0.4, 0.6, 0.8, 0.9},
          new boolean[] {false, true, false, true, false, true});

  /** A negative example above a positive one. */
  private static final LabelledScores INVERTED =
      new LabelledScores(new double[] {0.9, 0.1}, new boolean[] {false, true});

  static List<Arguments> handWorked() {
    return List.of(
        Arguments.of(new ThresholdRule.Youden(), ALTERNATING, 0.85),
        Arguments.of(new ThresholdRule.Sensitivity(0.3), ALTERNATING, 0.85),
        Arguments.of(new ThresholdRule.Sensitivity(0.6), ALTERNATING, 0.5),
        Arguments.of(new ThresholdRule.Sensitivity(1), ALTERNATING, 0.2),
        Arguments.of(new ThresholdRule.FalsePositiveRate(0), ALTERNATING, 0.85),
        Arguments.of(new ThresholdRule.FalsePositiveRate(0.34), ALTERNATING, 0.5),
        Arguments.of(new ThresholdRule.FalsePositiveRate(0.99), ALTERNATING, 0.2),
        Arguments.of(new ThresholdRule.Cost(1), ALTERNATING, 0.85),
        Arguments.of(new ThresholdRule.Cost(3), ALTERNATING, 0.2),
        Arguments.of(new ThresholdRule.Cost(0.1), INVERTED, 0.95),
        Arguments.of(new ThresholdRule.Cost(5), INVERTED, 0.05),
        Arguments.of(new ThresholdRule.FalsePositiveRate(0), INVERTED, 0.95));
  }

  @ParameterizedTest
  @MethodSource("handWorked")
  void choosesExpectedThreshold(ThresholdRule rule, LabelledScores examples, double expected) {
    ChosenThreshold choice = rule.choose(examples);
    assertThat(choice.value()).isCloseTo(expected, within(1e-12));
    assertThat(choice.rule()).isEqualTo(rule.description());
    assertThat(choice.youdenJ()).isEqualTo(ConfusionMatrix.of(examples, choice.value()).youdenJ());
  }

  @Test
  void sensitivityTargetIsReachedDespiteRounding() {
    double[] scores = new double[20];
    boolean[] positive = new boolean[20];
    for (int i = 0; i < 20; i++) {
      scores[i] = (i + 1) / 21.0;
      positive[i] = true;
    }
    LabelledScores examples = new LabelledScores(scores, positive);
    ChosenThreshold choice = new ThresholdRule.Sensitivity(0.95).choose(examples);
    assertThat(ConfusionMatrix.of(examples, choice.value()))
        .isEqualTo(new ConfusionMatrix(19, 0, 0, 1));
  }

  @Test
  void undefinedChoiceFallsBackToOneHalfWithReason() {
    boolean[] both = {true, false};
    LabelledScores equal = new LabelledScores(new double[] {0.7, 0.7}, both);
    LabelledScores negatives = new LabelledScores(new double[] {0.1, 0.7}, new boolean[2]);
    LabelledScores nan = new LabelledScores(new double[] {0.1, Double.NaN}, both);
    for (ThresholdRule rule :
        List.of(
            new ThresholdRule.Youden(),
            new ThresholdRule.Sensitivity(0.9),
            new ThresholdRule.Cost(2))) {
      assertThat(rule.choose(equal)).isEqualTo(ChosenThreshold.fallback("all 2 scores equal 0.7"));
      assertThat(rule.choose(negatives)).isEqualTo(ChosenThreshold.fallback("no positive example"));
      assertThat(rule.choose(nan).rule()).contains("index 1");
    }
    assertThat(new ThresholdRule.FalsePositiveRate(0.5).choose(negatives).value())
        .as("needs no positive example")
        .isCloseTo(0.4, within(1e-12));
  }

  @Test
  void rejectsOutOfRangeTargets() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ThresholdRule.Sensitivity(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ThresholdRule.Sensitivity(1.01));
    assertThatIllegalArgumentException().isThrownBy(() -> new ThresholdRule.FalsePositiveRate(1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ThresholdRule.Cost(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ThresholdRule.Cost(Double.NaN));
  }
}
