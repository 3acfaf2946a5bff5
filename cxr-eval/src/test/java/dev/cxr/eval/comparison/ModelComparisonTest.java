package dev.cxr.eval.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TestPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelComparisonTest {

  private static final int IMAGES = 120;

  /** A model that is worse with more noise. */
  private static ModelEntry entrant(String label, String recipe, double noise, double threshold) {
    Random random = new Random(label.hashCode());
    List<ImagePrediction> predictions = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      Finding finding = i % 2 == 0 ? Finding.NORMAL : Finding.BACTERIAL_PNEUMONIA;
      double logit = (i % 2 == 0 ? -1 : 1) + noise * random.nextGaussian();
      double p = 1 / (1 + Math.exp(-logit));
      predictions.add(prediction(i, finding, List.of(1 - p, p)));
    }
    return new ModelEntry(
        label,
        recipe,
        new EvaluationSettings(Task.BINARY, threshold, "by a test", 1, 200, ClassSources.SHARED),
        predictions);
  }

  private static ImagePrediction prediction(int i, Finding finding, List<Double> probabilities) {
    return TestPrediction.of(
        "p" + i, "patient" + i / 2, finding, Split.TEST, probabilities, Map.of(), Map.of());
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private static final List<ModelEntry> FOUR =
      List.of(
          entrant("good", "", 0.5, 0.5),
          entrant("fair", "r", 1.5, 0.5),
          entrant("fair too", "r", 1.6, 0.6),
          entrant("poor", "s", 12, 0.5));

  @Test
  void comparesEveryPairOnce() {
    ModelComparison comparison = ModelComparison.of(FOUR);
    assertThat(comparison.pairs())
        .extracting(pair -> pair.first() + " " + pair.second())
        .containsExactly(
            "good fair",
            "good fair too",
            "good poor",
            "fair fair too",
            "fair poor",
            "fair too poor");
    double good = value(comparison.models().get(0).binary().auroc());
    double poor = value(comparison.models().get(3).binary().auroc());
    ModelComparison.ModelPair pair = comparison.pairs().get(2);
    assertThat(value(pair.auroc().difference())).isCloseTo(good - poor, within(1e-12));
    Estimate.Defined difference = (Estimate.Defined) pair.auroc().difference();
    var byPatient = Objects.requireNonNull(difference.byPatient());
    var interval = Objects.requireNonNull(byPatient.interval());
    assertThat(interval.low()).isPositive().isLessThan(difference.value());
    assertThat(interval.high()).isGreaterThan(difference.value());
    assertThat(byPatient.resamples()).isEqualTo(200);
  }

  @Test
  void pValuesAreHolmCorrectedOverAllPairs() {
    ModelComparison comparison = ModelComparison.of(FOUR);
    double smallest =
        comparison.pairs().stream().mapToDouble(p -> value(p.auroc().p())).min().orElseThrow();
    double corrected =
        comparison.pairs().stream().mapToDouble(p -> value(p.aurocCorrected())).min().orElseThrow();
    assertThat(corrected).isCloseTo(6 * smallest, within(1e-15));
    assertThat(comparison.pairs())
        .allSatisfy(
            p -> {
              assertThat(value(p.aurocCorrected())).isGreaterThanOrEqualTo(value(p.auroc().p()));
              assertThat(value(p.decisionsCorrected()))
                  .isGreaterThanOrEqualTo(value(p.decisions().p()));
            });
    assertThat(value(comparison.pairs().get(3).aurocCorrected())).isGreaterThan(0.05);
  }

  @Test
  void decisionsUseEachModelsOwnThreshold() {
    ModelEntry lenient = entrant("fair", "", 1.5, 0.5);
    ModelEntry strict = entrant("fair", "", 1.5, 0.99);
    ModelEntry renamed = new ModelEntry("strict", "", strict.settings(), strict.predictions());
    ModelComparison.ModelPair pair = ModelComparison.of(List.of(lenient, renamed)).pairs().get(0);
    assertThat(value(pair.auroc().difference())).isZero();
    assertThat(pair.auroc().p()).isInstanceOf(Estimate.Undefined.class);
    assertThat(pair.decisions().firstOnlyCorrect())
        .isGreaterThan(pair.decisions().secondOnlyCorrect());
  }

  @Test
  void seedGroupsShareARecipe() {
    List<ModelComparison.SeedReplicates> families = ModelComparison.of(FOUR).seedGroups();
    assertThat(families).hasSize(1);
    assertThat(families.get(0).members()).containsExactly("fair", "fair too");
    SeedSummary auroc = Objects.requireNonNull(families.get(0).metrics().get("auroc"));
    Estimate.Defined sensitivity =
        (Estimate.Defined) Objects.requireNonNull(families.get(0).metrics().get("recall")).mean();
    assertThat(Objects.requireNonNull(sensitivity.interval()).high())
        .as("clamped to 1")
        .isLessThanOrEqualTo(1);
    List<ModelComparison.ModelMetrics> models = ModelComparison.of(FOUR).models();
    assertThat(value(auroc.mean()))
        .isCloseTo(
            (value(models.get(1).binary().auroc()) + value(models.get(2).binary().auroc())) / 2,
            within(1e-12));
  }

  @Test
  void threeClassPairsAreTestedOnPredictedClass() {
    List<ImagePrediction> correct = new ArrayList<>();
    List<ImagePrediction> confused = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      Finding finding =
          List.of(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA).get(i % 3);
      List<Double> sure =
          List.of(i % 3 == 0 ? 0.8 : 0.1, i % 3 == 1 ? 0.8 : 0.1, i % 3 == 2 ? 0.8 : 0.1);
      correct.add(prediction(i, finding, sure));
      // predicts every viral pneumonia as bacterial
      confused.add(prediction(i, finding, i % 3 == 2 ? List.of(0.1, 0.8, 0.1) : sure));
    }
    EvaluationSettings three =
        new EvaluationSettings(Task.THREE_CLASS, 0.5, "by a test", 1, 100, ClassSources.SHARED);
    ModelComparison comparison =
        ModelComparison.of(
            List.of(
                new ModelEntry("right", "", three, correct),
                new ModelEntry("confused", "", three, confused)));
    ModelComparison.ModelPair pair = comparison.pairs().get(0);
    assertThat(pair.decisions().firstOnlyCorrect()).isZero();
    assertThat(pair.classes().orElseThrow().firstOnlyCorrect()).isEqualTo(30);
    assertThat(value(pair.classesCorrected().orElseThrow())).isLessThan(1e-6);
    assertThat(value(comparison.models().get(1).multiClass().orElseThrow().accuracy()))
        .isCloseTo(2.0 / 3, within(1e-12));
    assertThat(value(pair.bacterialVsViral().orElseThrow().difference())).isEqualTo(0.5);
    assertThat(value(comparison.models().get(0).cascade().orElseThrow().bacterialVsViral().auroc()))
        .isEqualTo(1);
  }

  @Test
  void binaryAndThreeClassModelsAreComparedOnBinaryMetrics() {
    ModelEntry binary = entrant("binary", "", 0.5, 0.5);
    EvaluationSettings three =
        new EvaluationSettings(Task.THREE_CLASS, 0.5, "by a test", 1, 100, ClassSources.SHARED);
    List<ImagePrediction> split =
        binary.predictions().stream()
            .map(
                p ->
                    TestPrediction.of(
                        p.path(),
                        p.patient(),
                        p.finding(),
                        p.split(),
                        List.of(
                            p.probabilities().get(0),
                            p.probabilities().get(1) * 0.75,
                            p.probabilities().get(1) * 0.25),
                        Map.of(),
                        Map.of()))
            .toList();
    ModelComparison comparison =
        ModelComparison.of(List.of(binary, new ModelEntry("three", "", three, split)));
    DeLongTest test = comparison.pairs().get(0).auroc();
    assertThat(value(test.difference())).isCloseTo(0, within(1e-12));
    assertThat(comparison.pairs().get(0).classes()).isEmpty();
    assertThat(comparison.models().get(1).multiClass()).isPresent();
  }

  @Test
  void singleClassMakesComparisonUndefined() {
    ModelEntry one = entrant("a", "r", 1, 0.5);
    ModelEntry two = entrant("b", "r", 2, 0.5);
    ModelComparison comparison = ModelComparison.of(List.of(normalsOf(one), normalsOf(two)));
    assertThat(comparison.pairs().get(0).aurocCorrected()).isInstanceOf(Estimate.Undefined.class);
    assertThat(comparison.seedGroups().get(0).metrics().get("auroc"))
        .extracting(SeedSummary::mean)
        .isEqualTo(new Estimate.Undefined("the metric is undefined in every run"));
  }

  private static ModelEntry normalsOf(ModelEntry entry) {
    return new ModelEntry(
        entry.label(),
        entry.seedGroup(),
        entry.settings(),
        entry.predictions().stream().filter(p -> p.finding().equals(Finding.NORMAL)).toList());
  }
}
