package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.calibration.CalibrationMetrics;
import dev.cxr.eval.metrics.calibration.TemperatureScaling;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.List;

/**
 * The calibration of the positive class's probabilities, before and after temperature scaling.
 *
 * @param before with the bundle's own temperature
 * @param temperature fitted on validation, on top of the bundle's own
 * @param after at that temperature
 */
public record Recalibration(
    CalibrationMetrics before, TemperatureScaling temperature, CalibrationMetrics after) {

  /**
   * The positive class's probabilities at the temperature that is optimal for the same images.
   *
   * @param temperature on top of that of the predictions
   * @param scores at that temperature; unchanged if it is undefined
   */
  public record Scaled(TemperatureScaling temperature, LabelledScores scores) {}

  /**
   * {@return the temperature fitted to predictions, and their scores}
   *
   * @param task of the model
   * @param predictions predictions of the images
   */
  public static Scaled fit(Task task, List<ImagePrediction> predictions) {
    LabelledPredictions rows = new LabelledPredictions(task, predictions, ClassSources.SHARED);
    TemperatureScaling temperature = temperature(rows);
    return new Scaled(temperature, scaleScores(temperature, rows));
  }

  static Recalibration of(
      LabelledPredictions evaluated, LabelledPredictions validation, PatientBootstrap bootstrap) {
    LabelledScores scores = evaluated.scores();
    TemperatureScaling temperature = temperature(validation);
    return new Recalibration(
        CalibrationMetrics.of(scores, bootstrap),
        temperature,
        CalibrationMetrics.of(scaleScores(temperature, evaluated), bootstrap));
  }

  private static LabelledScores scaleScores(
      TemperatureScaling temperature, LabelledPredictions rows) {
    if (!rows.task().isMultiClass()) {
      return temperature.apply(rows.scores());
    }
    return LabelledPredictions.scores(rows.task(), temperature.apply(rows.classes()));
  }

  private static TemperatureScaling temperature(LabelledPredictions validation) {
    return validation.task().isMultiClass()
        ? TemperatureScaling.of(validation.classes())
        : TemperatureScaling.of(validation.scores());
  }
}
