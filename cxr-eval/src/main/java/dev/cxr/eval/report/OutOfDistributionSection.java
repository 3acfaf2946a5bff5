package dev.cxr.eval.report;

import dev.cxr.common.html.Chart;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.OutOfDistributionMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How far the pictures lie from those of training, as the page shows it.
 *
 * @param metrics limit, rejection and what remains
 * @param byFinding the rejected share of each
 * @param chart the distances of validation and of the judged pictures
 */
record OutOfDistributionSection(List<MetricText> metrics, List<MetricText> byFinding, Chart chart) {

  /** Where the axis may end, so that its ticks are round. */
  private static final double[] AXIS_LIMITS = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

  static OutOfDistributionSection of(
      OutOfDistributionMetrics outOfDistribution, Evaluation evaluation) {
    return new OutOfDistributionSection(
        List.of(
            MetricText.of("limit: greatest distance that is kept", outOfDistribution.limit()),
            MetricText.of("rejected of validation", outOfDistribution.validationRejected()),
            MetricText.of("rejected of these pictures", outOfDistribution.rejected()),
            MetricText.of(
                "AUROC, these pictures against validation",
                outOfDistribution.validationVsEvaluatedAuroc()),
            MetricText.of("sensitivity of those kept", outOfDistribution.sensitivity()),
            MetricText.of("specificity of those kept", outOfDistribution.specificity())),
        outOfDistribution.byFinding().stream()
            .map(
                f ->
                    MetricText.of(
                        f.finding().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        f.rejected()))
            .toList(),
        chart(
            outOfDistribution,
            distances(evaluation.evaluatedPredictions()),
            distances(evaluation.validationPredictions())));
  }

  private static double[] distances(List<ImagePrediction> predictions) {
    return predictions.stream()
        .flatMap(p -> p.trainingDistance().stream())
        .mapToDouble(d -> d)
        .filter(Double::isFinite)
        .sorted()
        .toArray();
  }

  private static Chart chart(
      OutOfDistributionMetrics outOfDistribution, double[] evaluated, double[] validation) {
    double farthest = Math.max(last(evaluated), last(validation));
    double axisLimit =
        Arrays.stream(AXIS_LIMITS).filter(end -> end >= farthest).findFirst().orElse(2);
    Chart.Builder chart =
        Chart.builder(
            "distance",
            "Distance to the training pictures",
            new Chart.Axis("1 − cosine to the tenth nearest", 0, axisLimit),
            Chart.Axis.zeroToOne("share that is at most so far"));
    if (outOfDistribution.limit() instanceof Estimate.Defined limit) {
      chart.line(
          "limit", "guide", new double[] {limit.value(), limit.value()}, new double[] {0, 1});
    }
    return chart
        .line("validation", "line-1", steps(validation), cumulativeShares(validation.length))
        .line("these pictures", "line-0", steps(evaluated), cumulativeShares(evaluated.length))
        .build(
            "Where the line of these pictures lies to the right of that of validation, they are less like the training pictures. Beyond the limit of %s a picture is rejected."
                .formatted(MetricText.plain(outOfDistribution.limit())));
  }

  private static double last(double[] sorted) {
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }

  private static double[] steps(double[] sorted) {
    double[] steps = new double[2 * sorted.length];
    Arrays.setAll(steps, i -> sorted[i / 2]);
    return steps;
  }

  private static double[] cumulativeShares(int count) {
    double[] shares = new double[2 * count];
    for (int i = 0; i < shares.length; i++) {
      int reached = (i + 1) / 2;
      shares[i] = (double) reached / count;
    }
    return shares;
  }
}
