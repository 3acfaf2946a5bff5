package dev.cxr.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.prediction.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StagesTest {

  private static final List<Prediction> SIX =
      predictions(
          // truth, then P(normal), P(bacterial), P(viral)
          new Object[][] {
            {Finding.NORMAL, 0.9, 0.06, 0.04},
            {Finding.NORMAL, 0.6, 0.1, 0.3}, // most probably normal, but called at 0.35
            {Finding.BACTERIAL_PNEUMONIA, 0.2, 0.5, 0.3},
            {Finding.BACTERIAL_PNEUMONIA, 0.8, 0.15, 0.05}, // missed, yet its cause is told
            {Finding.VIRAL_PNEUMONIA, 0.5, 0.1, 0.4}, // most probably normal, but called
            {Finding.VIRAL_PNEUMONIA, 0.1, 0.5, 0.4}, // takes the virus for bacteria
          });

  private static List<Prediction> predictions(Object[][] rows) {
    List<Prediction> all = new ArrayList<>();
    for (Object[] row : rows) {
      all.add(
          new Prediction(
              "p" + all.size(),
              "patient" + all.size(),
              (Finding) row[0],
              Split.TEST,
              List.of((Double) row[1], (Double) row[2], (Double) row[3]),
              Map.of(),
              Map.of()));
    }
    return all;
  }

  private static Stages stages(double threshold, List<Prediction> predictions) {
    Settings settings = new Settings(Task.THREE_CLASS, threshold, "by a test", 1, 100);
    return Figures.of(settings, predictions, List.of()).stages().orElseThrow();
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  @Test
  void pneumoniaIsDecidedAtTheThresholdAndThenTheLikelierCause() {
    assertThat(stages(0.35, SIX).inSteps().confusion().counts())
        .containsExactly(List.of(1L, 0L, 1L), List.of(1L, 1L, 0L), List.of(0L, 1L, 1L));
    assertThat(stages(0.15, SIX).inSteps().confusion().counts())
        .containsExactly(List.of(1L, 0L, 1L), List.of(0L, 2L, 0L), List.of(0L, 1L, 1L));
    assertThat(value(stages(0.35, SIX).inSteps().accuracy())).isEqualTo(0.5);
  }

  @Test
  void theCauseIsAskedOfPneumoniasAloneWhateverTheFirstStepSays() {
    Stages stages = stages(0.35, SIX);
    // shares of bacteria: 0.625 and 0.75 of bacterial, 0.2 and 5/9 of viral ones
    assertThat(value(stages.cause().auroc())).isEqualTo(1);
    assertThat(stages.cause().confusion().n()).isEqualTo(4);
    assertThat(value(stages.cause().recall())).isEqualTo(1);
    assertThat(value(stages.cause().specificity())).isEqualTo(0.5);
  }

  @Test
  void whereNothingIsSaidOfACauseBothAreEven() {
    List<Prediction> voted =
        predictions(
            new Object[][] {
              {Finding.BACTERIAL_PNEUMONIA, 1.0, 0.0, 0.0},
              {Finding.VIRAL_PNEUMONIA, 0.0, 0.0, 1.0},
            });
    Stages stages = stages(0.5, voted);
    assertThat(value(stages.cause().auroc())).isEqualTo(1);
    assertThat(value(stages.cause().recall())).isEqualTo(1);
  }

  @Test
  void withoutPneumoniasTheCauseIsNotDefined() {
    Stages stages = stages(0.5, SIX.subList(0, 2));
    assertThat(stages.cause().auroc()).isInstanceOf(Estimate.Undefined.class);
    assertThat(value(stages.inSteps().accuracy())).isEqualTo(1);
  }
}
