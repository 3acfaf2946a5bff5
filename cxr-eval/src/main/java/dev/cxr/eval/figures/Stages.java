package dev.cxr.eval.figures;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.MultiClassReport;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.Prediction;
import java.util.List;

/**
 * Three classes taken in two steps, as a cascade takes them and as any model of three classes can
 * be read: is it pneumonia, and if so, of which cause. The first step alone is {@link
 * Figures#binary}.
 *
 * @param inSteps the classification report end to end: pneumonia at the operating threshold, then
 *     the likelier cause
 * @param cause the second step alone, asked of pictures that show pneumonia: bacterial against
 *     viral at one half
 */
public record Stages(MultiClassReport inSteps, BinaryReport cause) {

  private static final double EVEN = 0.5;

  static Stages of(Rows rows, Settings settings, PatientBootstrap bootstrap) {
    Rows pneumonias = pneumonias(rows);
    return new Stages(
        MultiClassReport.of(rows.classes().decidedInSteps(settings.threshold()), bootstrap),
        BinaryReport.of(
            cause(pneumonias),
            EVEN,
            PatientBootstrap.of(
                pneumonias.patients(), settings.bootstrapSeed(), settings.bootstrapResamples())));
  }

  /** The area of {@link #cause} alone. */
  static Estimate causeAuroc(Rows rows) {
    return BinaryReport.of(cause(pneumonias(rows)), EVEN).auroc();
  }

  private static Rows pneumonias(Rows rows) {
    return rows.those(p -> p.finding().isPneumonia());
  }

  /** How likely bacteria are the cause, given that there is one. */
  static LabelledScores cause(Rows pneumonias) {
    List<String> classes = pneumonias.task().classes();
    int bacterial = classes.indexOf(Finding.BACTERIAL_PNEUMONIA.name());
    int viral = classes.indexOf(Finding.VIRAL_PNEUMONIA.name());
    double[] scores = new double[pneumonias.predictions().size()];
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      Prediction p = pneumonias.predictions().get(i);
      double first = p.probabilities().get(bacterial);
      double second = p.probabilities().get(viral);
      scores[i] = first + second == 0 ? EVEN : first / (first + second);
      positive[i] = p.finding() == Finding.BACTERIAL_PNEUMONIA;
    }
    return new LabelledScores(scores, positive);
  }
}
