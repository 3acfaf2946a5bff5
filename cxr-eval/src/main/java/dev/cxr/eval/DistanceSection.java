package dev.cxr.eval;

import dev.cxr.common.html.Chart;
import dev.cxr.eval.evaluation.OutOfDistributionMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.prediction.Prediction;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How far the pictures lie from those of training, as the page shows it.
 *
 * @param figures limit, rejection and what remains
 * @param findings the rejected share of each
 * @param chart the distances of validation and of the judged pictures
 */
record DistanceSection(List<FigureText> figures, List<FigureText> findings, Chart chart) {

  /** Where the axis may end, so that its ticks are round. */
  private static final double[] ENDS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

  static DistanceSection of(OutOfDistributionMetrics figures, Evaluation evaluation) {
    return new DistanceSection(
        List.of(
            FigureText.of("limit: greatest distance that is kept", figures.limit()),
            FigureText.of("rejected of validation", figures.validationRejected()),
            FigureText.of("rejected of these pictures", figures.rejected()),
            FigureText.of(
                "AUROC, these pictures against validation", figures.validationVsEvaluatedAuroc()),
            FigureText.of("sensitivity of those kept", figures.sensitivity()),
            FigureText.of("specificity of those kept", figures.specificity())),
        figures.byFinding().stream()
            .map(
                f ->
                    FigureText.of(
                        f.finding().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        f.rejected()))
            .toList(),
        chart(figures, distances(evaluation.judged()), distances(evaluation.validation())));
  }

  private static double[] distances(List<Prediction> predictions) {
    return predictions.stream()
        .flatMap(p -> p.trainingDistance().stream())
        .mapToDouble(d -> d)
        .filter(Double::isFinite)
        .sorted()
        .toArray();
  }

  private static Chart chart(
      OutOfDistributionMetrics figures, double[] judged, double[] validation) {
    double farthest = Math.max(greatest(judged), greatest(validation));
    double most = Arrays.stream(ENDS).filter(end -> end >= farthest).findFirst().orElse(2);
    Chart.Builder chart =
        Chart.builder(
            "distance",
            "Distance to the training pictures",
            new Chart.Axis("1 − cosine to the tenth nearest", 0, most),
            Chart.Axis.zeroToOne("share that is at most so far"));
    if (figures.limit() instanceof Estimate.Defined limit) {
      chart.line(
          "limit", "guide", new double[] {limit.value(), limit.value()}, new double[] {0, 1});
    }
    return chart
        .line("validation", "line-1", steps(validation), shares(validation.length))
        .line("these pictures", "line-0", steps(judged), shares(judged.length))
        .build(
            "Where the line of these pictures lies to the right of that of validation, they are less like the training pictures. Beyond the limit of %s a picture is rejected."
                .formatted(FigureText.plain(figures.limit())));
  }

  private static double greatest(double[] sorted) {
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }

  private static double[] steps(double[] sorted) {
    double[] steps = new double[2 * sorted.length];
    Arrays.setAll(steps, i -> sorted[i / 2]);
    return steps;
  }

  private static double[] shares(int count) {
    double[] shares = new double[2 * count];
    for (int i = 0; i < shares.length; i++) {
      int reached = (i + 1) / 2;
      shares[i] = (double) reached / count;
    }
    return shares;
  }
}
