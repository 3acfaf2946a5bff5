package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.List;

/**
 * Three classes taken in two steps, as a cascade takes them and as any model of three classes can
 * be read: is it pneumonia, and if so, of which cause. The first step alone is {@link
 * EvaluationMetrics#binary}.
 *
 * @param endToEnd the classification report end to end: pneumonia at the operating threshold, then
 *     the likelier cause
 * @param bacterialVsViral the second step alone, asked of pictures that show pneumonia: bacterial
 *     against viral at one half
 */
public record CascadeMetrics(MultiClassMetrics endToEnd, BinaryMetrics bacterialVsViral) {

  private static final double HALF = 0.5;

  public static CascadeMetrics of(
      LabelledPredictions rows, EvaluationSettings settings, PatientBootstrap bootstrap) {
    LabelledPredictions pneumonias = pneumonias(rows);
    return new CascadeMetrics(
        MultiClassMetrics.of(rows.classes().decideAsCascade(settings.threshold()), bootstrap),
        BinaryMetrics.of(
            bacterialVsViral(pneumonias),
            HALF,
            PatientBootstrap.of(
                pneumonias.patients(), settings.bootstrapSeed(), settings.bootstrapResamples())));
  }

  /** The area of {@link #bacterialVsViral} alone. */
  static Estimate bacterialVsViralAuroc(LabelledPredictions rows) {
    return BinaryMetrics.of(bacterialVsViral(pneumonias(rows)), HALF).auroc();
  }

  private static LabelledPredictions pneumonias(LabelledPredictions rows) {
    return rows.filter(p -> p.finding().isPneumonia());
  }

  /** How likely bacteria are the cause, given that there is one. */
  public static LabelledScores bacterialVsViral(LabelledPredictions pneumonias) {
    List<String> classes = pneumonias.task().classes();
    int bacterial = classes.indexOf(Finding.BACTERIAL_PNEUMONIA.name());
    int viral = classes.indexOf(Finding.VIRAL_PNEUMONIA.name());
    double[] scores = new double[pneumonias.predictions().size()];
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      ImagePrediction p = pneumonias.predictions().get(i);
      double first = p.probabilities().get(bacterial);
      double second = p.probabilities().get(viral);
      scores[i] = first + second == 0 ? HALF : first / (first + second);
      positive[i] = p.finding() == Finding.BACTERIAL_PNEUMONIA;
    }
    return new LabelledScores(scores, positive);
  }
}
