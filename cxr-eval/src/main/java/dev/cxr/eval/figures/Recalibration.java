package dev.cxr.eval.figures;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.calibration.Calibration;
import dev.cxr.eval.metrics.calibration.Temperature;
import dev.cxr.eval.prediction.Prediction;
import java.util.List;

/**
 * How far the positive class's probabilities can be taken at their word, as the bundle gives them
 * and after temperature scaling.
 *
 * @param before as the bundle gives them, its own temperature included
 * @param temperature fitted on validation, on top of the bundle's own
 * @param after at that temperature
 */
public record Recalibration(Calibration before, Temperature temperature, Calibration after) {

  /** Without a figure, for the classes come from different sources. */
  static Recalibration apart(Rows judged, Rows validation) {
    Calibration none = Calibration.of(judged.scores().barred(ClassSources.REASON));
    return new Recalibration(none, temperature(validation), none);
  }

  /**
   * The positive class's probabilities at the temperature that suits the same pictures best.
   *
   * @param temperature on top of that of the predictions
   * @param scores at that temperature; as they were where it is undefined
   */
  public record Scaled(Temperature temperature, LabelledScores scores) {}

  /** Fits the temperature to predictions. */
  public static Scaled scaled(Task task, List<Prediction> predictions) {
    Rows rows = new Rows(task, predictions);
    Temperature temperature = temperature(rows);
    return new Scaled(temperature, at(temperature, rows));
  }

  static Recalibration of(Rows judged, Rows validation, PatientBootstrap bootstrap) {
    LabelledScores scores = judged.scores();
    Temperature temperature = temperature(validation);
    return new Recalibration(
        Calibration.of(scores, bootstrap),
        temperature,
        Calibration.of(at(temperature, judged), bootstrap));
  }

  private static LabelledScores at(Temperature temperature, Rows rows) {
    return rows.task() == Task.THREE_CLASS
        ? temperature.apply(rows.classes()).anyBut(0)
        : temperature.apply(rows.scores());
  }

  private static Temperature temperature(Rows validation) {
    return validation.task() == Task.THREE_CLASS
        ? Temperature.of(validation.classes())
        : Temperature.of(validation.scores());
  }
}
