package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.List;

/**
 * Three classes decided in two steps, as a cascade does and as any three-class model can be
 * evaluated: pneumonia or not, then bacterial or viral. The first step alone is {@link
 * EvaluationMetrics#binary}.
 *
 * @param endToEnd the classification report of both steps: pneumonia at the operating threshold,
 *     then the more probable type
 * @param bacterialVsViral the second step alone, on images of pneumonia: bacterial against viral at
 *     0.5
 */
public record CascadeMetrics(MultiClassMetrics endToEnd, BinaryMetrics bacterialVsViral) {

  private static final double HALF = 0.5;

  /**
   * {@return whether the classes are those of a cascade}
   *
   * @param task of the model
   */
  public static boolean appliesTo(Task task) {
    return task.equals(Task.THREE_CLASS);
  }

  /**
   * {@return the metrics}
   *
   * @param rows predictions of three classes
   * @param settings the threshold of the first step, and the bootstrap of the second
   * @param bootstrap resamples the patients of the predictions
   */
  public static CascadeMetrics of(
      LabelledPredictions rows, EvaluationSettings settings, PatientBootstrap bootstrap) {
    return new CascadeMetrics(
        MultiClassMetrics.of(rows.classes().predictAsCascade(settings.threshold()), bootstrap),
        BinaryMetrics.of(
            bacterialVsViral(rows), HALF, settings.bootstrap(pneumonias(rows).patients())));
  }

  private static LabelledPredictions pneumonias(LabelledPredictions rows) {
    return rows.filter(p -> p.finding().isPneumonia());
  }

  /**
   * {@return the probability of bacterial pneumonia, given pneumonia, of the images of pneumonia}
   *
   * @param rows predictions of three classes
   */
  public static LabelledScores bacterialVsViral(LabelledPredictions rows) {
    List<ImagePrediction> pneumonias = pneumonias(rows).predictions();
    List<String> classes = rows.task().classes();
    int bacterial = classes.indexOf(Finding.BACTERIAL_PNEUMONIA.name());
    int viral = classes.indexOf(Finding.VIRAL_PNEUMONIA.name());
    return LabelledScores.of(
        pneumonias.size(),
        i -> {
          double first = pneumonias.get(i).probabilities().get(bacterial);
          double second = pneumonias.get(i).probabilities().get(viral);
          return first + second == 0 ? HALF : first / (first + second);
        },
        i -> pneumonias.get(i).finding().equals(Finding.BACTERIAL_PNEUMONIA));
  }
}
