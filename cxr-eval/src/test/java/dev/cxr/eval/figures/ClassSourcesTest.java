package dev.cxr.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.prediction.Change;
import dev.cxr.eval.prediction.Prediction;
import dev.cxr.eval.prediction.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where every class comes from a place of its own, no figure mixes the classes. */
class ClassSourcesTest {

  private static final List<Finding> FINDINGS =
      List.of(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA);

  private static List<Prediction> pictures(Task task) {
    List<Prediction> all = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      Finding finding = FINDINGS.get(i % 3);
      if (!task.includes(finding)) {
        continue;
      }
      double p = (i * 37 % 90 + 5) / 100.0;
      List<Double> probabilities =
          task == Task.THREE_CLASS ? List.of(1 - p, p / 4, 3 * p / 4) : List.of(1 - p, p);
      all.add(
          new Prediction(
              "p" + i,
              "patient" + i / 2,
              finding,
              Split.TEST,
              probabilities,
              Map.of(Trait.FILE_BYTES, 100.0 + i, Trait.MEAN_INTENSITY, i / 90.0),
              Map.of(Change.JPEG, p)));
    }
    return all;
  }

  private static Figures figures(Task task, ClassSources sources) {
    return Figures.of(
        new Settings(task, 0.4, "by a test", 1, 100).from(sources), pictures(task), pictures(task));
  }

  private static void assertBarred(Estimate... figures) {
    assertThat(figures).containsOnly(new Estimate.Undefined(ClassSources.REASON));
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void whatIsOfOneClassRemainsToTheLastDigit(Task task) {
    Figures together = figures(task, ClassSources.SHARED);
    Figures apart = figures(task, ClassSources.APART);
    assertThat(apart.binary().confusion()).isEqualTo(together.binary().confusion());
    assertThat(apart.binary().recall()).isEqualTo(together.binary().recall());
    assertThat(apart.binary().specificity()).isEqualTo(together.binary().specificity());
    assertThat(apart.binary().recall()).isInstanceOf(Estimate.Defined.class);
    assertThat(apart.classes().confusion()).isEqualTo(together.classes().confusion());
    assertThat(apart.classes().normalised()).isEqualTo(together.classes().normalised());
    for (int c = 0; c < task.classes().size(); c++) {
      assertThat(apart.classes().classes().get(c).recall())
          .isEqualTo(together.classes().classes().get(c).recall());
      assertThat(apart.classes().classes().get(c).support())
          .isEqualTo(together.classes().classes().get(c).support());
    }
    assertThat(apart.thresholds().get(2).sensitivity())
        .isEqualTo(together.thresholds().get(2).sensitivity());
    assertThat(apart.robustness().get(0).specificity())
        .isEqualTo(together.robustness().get(0).specificity());
    assertThat(apart.baselines().get(0).auroc()).isEqualTo(together.baselines().get(0).auroc());
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void whatMixesClassesSaysWhyItIsNotDefined(Task task) {
    Figures apart = figures(task, ClassSources.APART);
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
        apart.classes().accuracy(),
        apart.classes().macro().auroc(),
        apart.classes().weighted().f1(),
        apart.classes().kappa(),
        apart.classes().classes().get(1).precision(),
        apart.classes().classes().get(1).auroc());
    assertThat(apart.binary().roc().fpr()).isEmpty();
    assertThat(apart.rocByClass()).isEmpty();
    assertThat(apart.precisionRecall().recall()).isEmpty();
    assertThat(apart.prevalences()).isEmpty();
    assertThat(apart.subgroups().worst()).isEmpty();
    assertBarred(
        apart.calibration().before().brier(),
        apart.calibration().after().line().slope(),
        apart.decision().points().get(50).model(),
        apart.abstention().area(),
        apart.majority().accuracy(),
        apart.thresholds().get(0).ppv(),
        apart.thresholds().get(0).npv(),
        apart.robustness().get(0).auroc(),
        apart.robustness().get(0).difference().p(),
        apart.subgroups().all().get(0).auroc());
    assertThat(apart.baselines()).allMatch(b -> b.modelLeads().isEmpty());
  }
}
