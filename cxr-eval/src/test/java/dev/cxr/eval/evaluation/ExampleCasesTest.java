package dev.cxr.eval.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TestPrediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExampleCasesTest {

  private static final EvaluationSettings SETTINGS = settings(1);

  private static EvaluationSettings settings(long seed) {
    return new EvaluationSettings(Task.BINARY, 0.3, "by a test", seed, 100, ClassSources.SHARED);
  }

  private static ImagePrediction prediction(int i, Finding finding, double p) {
    return TestPrediction.of(
        "p" + i, "patient" + i, finding, Split.TEST, List.of(1 - p, p), Map.of(), Map.of());
  }

  /** 100 images; every tenth normal and every fifth pneumonia is predicted wrongly. */
  private static List<ImagePrediction> images() {
    List<ImagePrediction> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boolean normal = i < 50;
      boolean wrong = normal ? i % 10 == 0 : i % 5 == 0;
      double p = normal == wrong ? 0.4 + i / 1000.0 : 0.2 - i / 1000.0;
      all.add(prediction(i, normal ? Finding.NORMAL : Finding.VIRAL_PNEUMONIA, p));
    }
    return all;
  }

  @Test
  void countsCorrectDecisionsAtTheThreshold() {
    ExampleCases examples = ExampleCases.of(SETTINGS, images());
    assertThat(examples.correctCount()).isEqualTo(85);
    assertThat(examples.errorCount()).isEqualTo(15);
    assertThat(examples.correct()).hasSize(8).allMatch(c -> isRight(c));
    assertThat(examples.errors()).hasSize(5 + 6).noneMatch(c -> isRight(c));
  }

  private static boolean isRight(ExampleCases.Case one) {
    return one.finding().isPneumonia() == one.predictedClass().equals("PNEUMONIA");
  }

  @Test
  void worstErrorsOfEachClassComeFirst() {
    List<ExampleCases.Case> errors = ExampleCases.of(SETTINGS, images()).errors();
    assertThat(errors.stream().map(ExampleCases.Case::path))
        .containsExactly(
            "p40", "p30", "p20", "p10", "p0", "p95", "p90", "p85", "p80", "p75", "p70");
    assertThat(errors.get(0).probability()).isEqualTo(0.44);
    assertThat(errors.get(5).predictedClass()).isEqualTo("NORMAL");
  }

  @Test
  void samplingDependsOnSeedNotOrder() {
    List<ImagePrediction> mixed = new ArrayList<>(images());
    Collections.shuffle(mixed, new Random(5));
    assertThat(ExampleCases.of(SETTINGS, mixed)).isEqualTo(ExampleCases.of(SETTINGS, images()));
    assertThat(ExampleCases.of(settings(2), images()).correct())
        .isNotEqualTo(ExampleCases.of(SETTINGS, images()).correct());
  }

  @Test
  void sampledCasesAreNotTheFirstOrMostConfident() {
    List<String> drawn =
        ExampleCases.of(SETTINGS, images()).correct().stream()
            .map(ExampleCases.Case::path)
            .toList();
    assertThat(drawn).isNotEqualTo(List.of("p1", "p2", "p3", "p4", "p51", "p52", "p53", "p54"));
    assertThat(drawn).isNotEqualTo(List.of("p49", "p48", "p47", "p46", "p99", "p98", "p97", "p96"));
  }

  @Test
  void threeClassPredictionIsTheMostProbableClass() {
    EvaluationSettings three =
        new EvaluationSettings(Task.THREE_CLASS, 0.3, "by a test", 1, 100, ClassSources.SHARED);
    ImagePrediction virus =
        TestPrediction.of(
            "v",
            "v",
            Finding.VIRAL_PNEUMONIA,
            Split.TEST,
            List.of(0.3, 0.4, 0.3),
            Map.of(),
            Map.of());
    ExampleCases examples = ExampleCases.of(three, List.of(virus));
    assertThat(examples.errors())
        .containsExactly(
            new ExampleCases.Case(
                "v", Finding.VIRAL_PNEUMONIA, "BACTERIAL_PNEUMONIA", 0.4, List.of()));
  }

  @Test
  void nonFiniteProbabilitiesAreExcluded() {
    ExampleCases examples =
        ExampleCases.of(SETTINGS, List.of(prediction(1, Finding.NORMAL, Double.NaN)));
    assertThat(examples).isEqualTo(new ExampleCases(0, 0, List.of(), List.of()));
  }
}
