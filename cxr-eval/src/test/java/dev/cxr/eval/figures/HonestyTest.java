package dev.cxr.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.api.Test;

class HonestyTest {

  private static final Settings SETTINGS = new Settings(Task.BINARY, 0.5, "by a test", 1, 100);

  private static Prediction prediction(
      int i, Finding finding, double p, Map<Trait, Double> traits, Map<Change, Double> changed) {
    return new Prediction(
        "p" + i, "patient" + i, finding, Split.TEST, List.of(1 - p, p), traits, changed);
  }

  /** Files of pneumonia are smaller; the model is right on all but every tenth picture. */
  private static List<Prediction> pictures(int count, boolean smallerIsPositive) {
    List<Prediction> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Finding finding =
          i % 2 == 0
              ? Finding.NORMAL
              : i % 4 == 1 ? Finding.BACTERIAL_PNEUMONIA : Finding.VIRAL_PNEUMONIA;
      boolean right = i % 10 != 5;
      double p = finding.isPneumonia() == right ? 0.6 + i / 1000.0 : 0.4 - i / 1000.0;
      boolean small = finding.isPneumonia() == smallerIsPositive;
      all.add(
          prediction(
              i,
              finding,
              p,
              Map.of(
                  Trait.FILE_BYTES,
                  small ? 100.0 + i : 900.0 + i,
                  Trait.PIXELS,
                  50.0,
                  Trait.MEAN_INTENSITY,
                  i / (double) count),
              Map.of(Change.JPEG, 1 - p)));
    }
    return all;
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private static Baseline baseline(Figures figures, Trait trait) {
    return figures.baselines().stream()
        .filter(b -> b.name().equals(trait.title()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aBaselinesDirectionIsLearnedOnValidationAndMayBeWrong() {
    Figures same = Figures.of(SETTINGS, pictures(60, true), pictures(40, true));
    assertThat(value(baseline(same, Trait.FILE_BYTES).auroc())).isEqualTo(1);
    assertThat(baseline(same, Trait.FILE_BYTES).direction()).startsWith("smaller is positive");
    Figures turned = Figures.of(SETTINGS, pictures(60, true), pictures(40, false));
    assertThat(value(baseline(turned, Trait.FILE_BYTES).auroc())).isZero();
    assertThat(value(baseline(same, Trait.PIXELS).auroc())).as("all the same").isEqualTo(0.5);
  }

  @Test
  void theModelsLeadIsItsAreaLessTheBaselines() {
    Figures figures = Figures.of(SETTINGS, pictures(60, true), pictures(40, true));
    assertThat(value(baseline(figures, Trait.FILE_BYTES).modelLeads().orElseThrow().difference()))
        .isCloseTo(value(figures.binary().auroc()) - 1, within(1e-12))
        .isNegative();
  }

  @Test
  void withoutValidationDirectionAndMajorityAreNotDefined() {
    Figures figures = Figures.of(SETTINGS, pictures(60, true), List.of());
    assertThat(baseline(figures, Trait.FILE_BYTES).auroc()).isInstanceOf(Estimate.Undefined.class);
    assertThat(figures.majority().accuracy()).isInstanceOf(Estimate.Undefined.class);
    assertThat(figures.calibration().temperature().value())
        .isEqualTo(new Estimate.Undefined("no example"));
  }

  @Test
  void theMajorityIsThatOfValidation() {
    List<Prediction> validation =
        pictures(40, true).stream().filter(p -> p.finding() != Finding.VIRAL_PNEUMONIA).toList();
    Figures figures = Figures.of(SETTINGS, pictures(60, true), validation);
    assertThat(figures.majority().answer()).isEqualTo("NORMAL");
    assertThat(value(figures.majority().accuracy())).isEqualTo(0.5);
  }

  @Test
  void aChangeThatTurnsEveryAnswerRoundIsSeen() {
    Figures figures = Figures.of(SETTINGS, pictures(60, true), pictures(40, true));
    assertThat(figures.robustness()).hasSize(1);
    Robustness jpeg = figures.robustness().get(0);
    double own = value(figures.binary().auroc());
    assertThat(value(jpeg.auroc())).isCloseTo(1 - own, within(1e-12));
    assertThat(value(jpeg.difference().difference())).isCloseTo(1 - 2 * own, within(1e-12));
  }

  @Test
  void findingsAndThirdsOfBrightnessAreParts() {
    Figures figures = Figures.of(SETTINGS, pictures(60, true), pictures(40, true));
    assertThat(figures.subgroups().all())
        .extracting(s -> s.by() + " " + s.part() + " " + s.pictures())
        .containsExactly(
            "finding normal 30",
            "finding bacterial pneumonia 15",
            "finding viral pneumonia 15",
            "brightness dark 20",
            "brightness middle 20",
            "brightness bright 20");
    Subgroup bacterial = figures.subgroups().all().get(1);
    assertThat(bacterial.specificity()).isEqualTo(new Estimate.Undefined("positives only"));
    double worst =
        figures.subgroups().all().stream().mapToDouble(s -> value(s.auroc())).min().orElseThrow();
    assertThat(value(figures.subgroups().worst().orElseThrow().auroc())).isEqualTo(worst);
  }

  @Test
  void partsOfLessThanTenOfAClassAreNotCalledTheWorst() {
    Figures figures = Figures.of(SETTINGS, pictures(16, true), pictures(40, true));
    assertThat(figures.subgroups().worst()).isEmpty();
  }

  @Test
  void otherRulesAreShownBesideTheThresholdInUse() {
    Figures figures = Figures.of(SETTINGS, pictures(60, true), pictures(40, true));
    assertThat(figures.thresholds())
        .extracting(OperatingPoint::chosenBy)
        .containsExactly(
            "by a test",
            "greatest Youden index on validation",
            "sensitivity of at least 0.95 on validation",
            "least cost where a missed positive costs 5 false alarms on validation");
    Figures alone = Figures.of(SETTINGS, pictures(60, true), List.of());
    assertThat(alone.thresholds().get(1).chosenBy())
        .isEqualTo("greatest Youden index: one half, for none could be chosen: no example");
  }

  @Test
  void scoresThatAreNoNumbersLeaveFiguresUndefinedAndNothingBreaks() {
    List<Prediction> broken = new ArrayList<>(pictures(20, true));
    broken.add(prediction(99, Finding.NORMAL, Double.NaN, Map.of(), Map.of()));
    Figures figures = Figures.of(SETTINGS, broken, pictures(20, true));
    assertThat(figures.binary().auroc()).isInstanceOf(Estimate.Undefined.class);
    assertThat(figures.thresholds().get(0).sensitivity()).isInstanceOf(Estimate.Undefined.class);
    assertThat(figures.calibration().before().brier()).isInstanceOf(Estimate.Undefined.class);
    assertThat(figures.decision().points())
        .allSatisfy(p -> assertThat(p.model()).isInstanceOf(Estimate.Undefined.class));
  }
}
