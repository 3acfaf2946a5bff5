package dev.cxr.eval.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TestPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CascadeMetricsTest {

  private static final List<ImagePrediction> SIX =
      predictions(
          // truth, then P(normal), P(bacterial), P(viral)
          new Object[][] {
            {Finding.NORMAL, 0.9, 0.06, 0.04},
            {Finding.NORMAL, 0.6, 0.1, 0.3}, // most probably normal, but positive at 0.35
            {Finding.BACTERIAL_PNEUMONIA, 0.2, 0.5, 0.3},
            {Finding.BACTERIAL_PNEUMONIA, 0.8, 0.15, 0.05}, // missed, but its type is correct
            {Finding.VIRAL_PNEUMONIA, 0.5, 0.1, 0.4}, // most probably normal, but positive at 0.35
            {Finding.VIRAL_PNEUMONIA, 0.1, 0.5, 0.4}, // viral predicted as bacterial
          });

  private static List<ImagePrediction> predictions(Object[][] rows) {
    List<ImagePrediction> all = new ArrayList<>();
    for (Object[] row : rows) {
      all.add(
          TestPrediction.of(
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

  private static CascadeMetrics stages(double threshold, List<ImagePrediction> predictions) {
    EvaluationSettings settings =
        new EvaluationSettings(
            Task.THREE_CLASS, threshold, "by a test", 1, 100, ClassSources.SHARED);
    return EvaluationMetrics.of(settings, predictions, List.of()).cascade().orElseThrow();
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  @Test
  void cascadeDecidesPneumoniaThenType() {
    assertThat(stages(0.35, SIX).endToEnd().confusion().counts())
        .containsExactly(List.of(1L, 0L, 1L), List.of(1L, 1L, 0L), List.of(0L, 1L, 1L));
    assertThat(stages(0.15, SIX).endToEnd().confusion().counts())
        .containsExactly(List.of(1L, 0L, 1L), List.of(0L, 2L, 0L), List.of(0L, 1L, 1L));
    assertThat(value(stages(0.35, SIX).endToEnd().accuracy())).isEqualTo(0.5);
  }

  @Test
  void bacterialVsViralUsesOnlyPneumonias() {
    CascadeMetrics cascade = stages(0.35, SIX);
    // P(bacterial | pneumonia): 0.625 and 0.75 of bacterial, 0.2 and 5/9 of viral ones
    assertThat(value(cascade.bacterialVsViral().auroc())).isEqualTo(1);
    assertThat(cascade.bacterialVsViral().confusion().n()).isEqualTo(4);
    assertThat(value(cascade.bacterialVsViral().recall())).isEqualTo(1);
    assertThat(value(cascade.bacterialVsViral().specificity())).isEqualTo(0.5);
  }

  @Test
  void zeroPneumoniaProbabilitiesCountAsHalf() {
    List<ImagePrediction> voted =
        predictions(
            new Object[][] {
              {Finding.BACTERIAL_PNEUMONIA, 1.0, 0.0, 0.0},
              {Finding.VIRAL_PNEUMONIA, 0.0, 0.0, 1.0},
            });
    CascadeMetrics cascade = stages(0.5, voted);
    assertThat(value(cascade.bacterialVsViral().auroc())).isEqualTo(1);
    assertThat(value(cascade.bacterialVsViral().recall())).isEqualTo(1);
  }

  @Test
  void bacterialVsViralIsUndefinedWithoutPneumonias() {
    CascadeMetrics cascade = stages(0.5, SIX.subList(0, 2));
    assertThat(cascade.bacterialVsViral().auroc()).isInstanceOf(Estimate.Undefined.class);
    assertThat(value(cascade.endToEnd().accuracy())).isEqualTo(1);
  }
}
