package dev.cxr.eval.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.prediction.BaselineFeature;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.Perturbation;
import dev.cxr.eval.prediction.TestPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationMetricsTest {

  private static final EvaluationSettings SETTINGS =
      new EvaluationSettings(Task.BINARY, 0.5, "by a test", 1, 100, ClassSources.SHARED);

  private static ImagePrediction prediction(
      int i,
      Finding finding,
      double p,
      Map<BaselineFeature, Double> features,
      Map<Perturbation, Double> perturbed) {
    return TestPrediction.of(
        "p" + i, "patient" + i, finding, Split.TEST, List.of(1 - p, p), features, perturbed);
  }

  /** Files of pneumonia are smaller; the model is right on all but every tenth image. */
  private static List<ImagePrediction> images(int count, boolean smallerIsPositive) {
    List<ImagePrediction> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Finding finding =
          i % 2 == 0
              ? Finding.NORMAL
              : i % 4 == 1 ? Finding.BACTERIAL_PNEUMONIA : Finding.VIRAL_PNEUMONIA;
      boolean correct = i % 10 != 5;
      double p = finding.isPneumonia() == correct ? 0.6 + i / 1000.0 : 0.4 - i / 1000.0;
      boolean small = finding.isPneumonia() == smallerIsPositive;
      all.add(
          prediction(
              i,
              finding,
              p,
              Map.of(
                  BaselineFeature.FILE_BYTES,
                  small ? 100.0 + i : 900.0 + i,
                  BaselineFeature.PIXELS,
                  50.0,
                  BaselineFeature.MEAN_INTENSITY,
                  i / (double) count),
              Map.of(Perturbation.JPEG, 1 - p)));
    }
    return all;
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private static BaselineMetrics baseline(EvaluationMetrics metrics, BaselineFeature feature) {
    return metrics.baselines().stream()
        .filter(b -> b.name().equals(feature.title()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void baselineDirectionIsChosenOnValidation() {
    EvaluationMetrics same = EvaluationMetrics.of(SETTINGS, images(60, true), images(40, true));
    assertThat(value(baseline(same, BaselineFeature.FILE_BYTES).auroc())).isEqualTo(1);
    assertThat(baseline(same, BaselineFeature.FILE_BYTES).direction())
        .startsWith("smaller is positive");
    EvaluationMetrics turned = EvaluationMetrics.of(SETTINGS, images(60, true), images(40, false));
    assertThat(value(baseline(turned, BaselineFeature.FILE_BYTES).auroc())).isZero();
    assertThat(value(baseline(same, BaselineFeature.PIXELS).auroc()))
        .as("all the same")
        .isEqualTo(0.5);
  }

  @Test
  void modelAdvantageIsTheAurocDifference() {
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, images(60, true), images(40, true));
    assertThat(
            value(
                baseline(metrics, BaselineFeature.FILE_BYTES)
                    .modelAdvantage()
                    .orElseThrow()
                    .difference()))
        .isCloseTo(value(metrics.binary().auroc()) - 1, within(1e-12))
        .isNegative();
  }

  @Test
  void missingValidationMakesBaselinesUndefined() {
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, images(60, true), List.of());
    assertThat(baseline(metrics, BaselineFeature.FILE_BYTES).auroc())
        .isInstanceOf(Estimate.Undefined.class);
    assertThat(metrics.majorityBaseline().accuracy()).isInstanceOf(Estimate.Undefined.class);
    assertThat(metrics.calibration().temperature().value())
        .isEqualTo(new Estimate.Undefined("no example"));
  }

  @Test
  void majorityClassIsChosenOnValidation() {
    List<ImagePrediction> validation =
        images(40, true).stream()
            .filter(p -> !p.finding().equals(Finding.VIRAL_PNEUMONIA))
            .toList();
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, images(60, true), validation);
    assertThat(metrics.majorityBaseline().predictedClass()).isEqualTo("NORMAL");
    assertThat(value(metrics.majorityBaseline().accuracy())).isEqualTo(0.5);
  }

  @Test
  void robustnessDetectsReversedPredictions() {
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, images(60, true), images(40, true));
    assertThat(metrics.robustness()).hasSize(1);
    RobustnessMetrics jpeg = metrics.robustness().get(0);
    double own = value(metrics.binary().auroc());
    assertThat(value(jpeg.auroc())).isCloseTo(1 - own, within(1e-12));
    assertThat(value(jpeg.difference().difference())).isCloseTo(1 - 2 * own, within(1e-12));
  }

  @Test
  void subgroupsCoverFindingsAndBrightnessTerciles() {
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, images(60, true), images(40, true));
    assertThat(metrics.subgroups().all())
        .extracting(s -> s.attribute() + " " + s.group() + " " + s.images())
        .containsExactly(
            "finding normal 30",
            "finding bacterial pneumonia 15",
            "finding viral pneumonia 15",
            "brightness dark 20",
            "brightness middle 20",
            "brightness bright 20");
    SubgroupMetrics bacterial = metrics.subgroups().all().get(1);
    assertThat(bacterial.specificity()).isEqualTo(new Estimate.Undefined("positives only"));
    double worst =
        metrics.subgroups().all().stream().mapToDouble(s -> value(s.auroc())).min().orElseThrow();
    assertThat(value(metrics.subgroups().worst().orElseThrow().auroc())).isEqualTo(worst);
  }

  @Test
  void worstSubgroupNeedsTenImagesPerClass() {
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, images(16, true), images(40, true));
    assertThat(metrics.subgroups().worst()).isEmpty();
  }

  @Test
  void operatingPointsIncludeOtherRules() {
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, images(60, true), images(40, true));
    assertThat(metrics.operatingPoints())
        .extracting(OperatingPoint::thresholdRule)
        .containsExactly(
            "by a test",
            "greatest Youden index on validation",
            "sensitivity of at least 0.95 on validation",
            "lowest cost where a false negative costs 5 false positives on validation");
    EvaluationMetrics alone = EvaluationMetrics.of(SETTINGS, images(60, true), List.of());
    assertThat(alone.operatingPoints().get(1).thresholdRule())
        .isEqualTo("greatest Youden index: 0.5, because no threshold could be chosen: no example");
  }

  @Test
  void nonFiniteScoresMakeMetricsUndefined() {
    List<ImagePrediction> broken = new ArrayList<>(images(20, true));
    broken.add(prediction(99, Finding.NORMAL, Double.NaN, Map.of(), Map.of()));
    EvaluationMetrics metrics = EvaluationMetrics.of(SETTINGS, broken, images(20, true));
    assertThat(metrics.binary().auroc()).isInstanceOf(Estimate.Undefined.class);
    assertThat(metrics.operatingPoints().get(0).sensitivity())
        .isInstanceOf(Estimate.Undefined.class);
    assertThat(metrics.calibration().before().brier()).isInstanceOf(Estimate.Undefined.class);
    assertThat(metrics.decisionCurve().points())
        .allSatisfy(p -> assertThat(p.model()).isInstanceOf(Estimate.Undefined.class));
  }
}
