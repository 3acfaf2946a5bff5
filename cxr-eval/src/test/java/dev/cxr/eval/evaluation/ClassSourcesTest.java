package dev.cxr.eval.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** If each class has its own source, metrics that compare classes are undefined. */
class ClassSourcesTest {

  private static final List<Finding> FINDINGS =
      List.of(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA);

  private static List<ImagePrediction> images(Task task) {
    List<ImagePrediction> all = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      Finding finding = FINDINGS.get(i % 3);
      if (!task.includes(finding)) {
        continue;
      }
      double p = (i * 37 % 90 + 5) / 100.0;
      List<Double> probabilities =
          task.equals(Task.THREE_CLASS) ? List.of(1 - p, p / 4, 3 * p / 4) : List.of(1 - p, p);
      all.add(
          TestPrediction.of(
              "p" + i,
              "patient" + i / 2,
              finding,
              Split.TEST,
              probabilities,
              Map.of(
                  BaselineFeature.FILE_BYTES, 100.0 + i, BaselineFeature.MEAN_INTENSITY, i / 90.0),
              Map.of(Perturbation.JPEG, p)));
    }
    return all;
  }

  private static EvaluationMetrics metrics(Task task, ClassSources sources) {
    return EvaluationMetrics.of(
        new EvaluationSettings(task, 0.4, "by a test", 1, 100, sources),
        images(task),
        images(task));
  }

  private static void assertBarred(Estimate... metrics) {
    assertThat(metrics).containsOnly(new Estimate.Undefined(ClassSources.REASON));
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void separateSourcesKeepSingleClassMetricsExactly(Task task) {
    EvaluationMetrics sharedSource = metrics(task, ClassSources.SHARED);
    EvaluationMetrics apart = metrics(task, ClassSources.SEPARATE);
    assertThat(apart.binary().confusion()).isEqualTo(sharedSource.binary().confusion());
    assertThat(apart.binary().recall()).isEqualTo(sharedSource.binary().recall());
    assertThat(apart.binary().specificity()).isEqualTo(sharedSource.binary().specificity());
    assertThat(apart.binary().recall()).isInstanceOf(Estimate.Defined.class);
    assertThat(apart.multiClass().confusion()).isEqualTo(sharedSource.multiClass().confusion());
    for (int c = 0; c < task.classes().size(); c++) {
      assertThat(apart.multiClass().classes().get(c).recall())
          .isEqualTo(sharedSource.multiClass().classes().get(c).recall());
      assertThat(apart.multiClass().classes().get(c).support())
          .isEqualTo(sharedSource.multiClass().classes().get(c).support());
    }
    assertThat(apart.operatingPoints().get(2).sensitivity())
        .isEqualTo(sharedSource.operatingPoints().get(2).sensitivity());
    assertThat(apart.robustness().get(0).specificity())
        .isEqualTo(sharedSource.robustness().get(0).specificity());
    assertThat(apart.baselines().get(0).auroc()).isEqualTo(sharedSource.baselines().get(0).auroc());
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void separateSourcesMakeCrossClassMetricsUndefined(Task task) {
    EvaluationMetrics apart = metrics(task, ClassSources.SEPARATE);
    assertBarred(
        apart.binary().accuracy(),
        apart.binary().precision(),
        apart.binary().npv(),
        apart.binary().f1(),
        apart.binary().balancedAccuracy(),
        apart.binary().mcc(),
        apart.binary().kappa(),
        apart.binary().auroc(),
        apart.binary().averagePrecision(),
        apart.binary().brier(),
        apart.binary().logLoss());
    assertBarred(
        apart.multiClass().accuracy(),
        apart.multiClass().macro().auroc(),
        apart.multiClass().weighted().f1(),
        apart.multiClass().kappa(),
        apart.multiClass().classes().get(1).precision(),
        apart.multiClass().classes().get(1).auroc());
    assertThat(apart.binary().roc().fpr()).isEmpty();
    assertThat(apart.rocByClass()).isEmpty();
    assertThat(apart.precisionRecall().recall()).isEmpty();
    assertThat(apart.predictiveValues()).isEmpty();
    assertThat(apart.subgroups().worst()).isEmpty();
    assertBarred(
        apart.calibration().before().brier(),
        apart.calibration().after().regression().slope(),
        apart.decisionCurve().points().get(50).model(),
        apart.riskCoverage().area(),
        apart.majorityBaseline().accuracy(),
        apart.operatingPoints().get(0).ppv(),
        apart.operatingPoints().get(0).npv(),
        apart.robustness().get(0).auroc(),
        apart.robustness().get(0).difference().p(),
        apart.subgroups().all().get(0).auroc());
    assertThat(apart.baselines()).allMatch(b -> b.modelAdvantage().isEmpty());
  }
}
