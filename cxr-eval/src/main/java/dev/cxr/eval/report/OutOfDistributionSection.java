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
 * Out-of-distribution scores of the images, as the page shows them.
 *
 * @param metrics limit, shares rejected, and metrics on the rest
 * @param byFinding the rejected share of each finding
 * @param chart the scores of validation and of the evaluated images
 */
record OutOfDistributionSection(List<MetricText> metrics, List<MetricText> byFinding, Chart chart) {

  /** Ends of the axis that give round ticks. */
  private static final double[] AXIS_LIMITS = {0.5, 1, 2, 5, 10, 20, 50};

  static OutOfDistributionSection of(
      OutOfDistributionMetrics outOfDistribution, Evaluation evaluation) {
    return new OutOfDistributionSection(
        List.of(
            MetricText.of("limit: highest accepted score", outOfDistribution.limit()),
            MetricText.of("share of validation rejected", outOfDistribution.validationRejected()),
            MetricText.of("share of this split rejected", outOfDistribution.rejected()),
            MetricText.of(
                "AUROC, this split against validation",
                outOfDistribution.validationVsEvaluatedAuroc()),
            MetricText.of("sensitivity on accepted images", outOfDistribution.sensitivity()),
            MetricText.of("specificity on accepted images", outOfDistribution.specificity())),
        outOfDistribution.byFinding().stream()
            .map(
                f ->
                    MetricText.of(
                        f.finding().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        f.rejected()))
            .toList(),
        chart(
            outOfDistribution,
            scores(evaluation.evaluatedPredictions()),
            scores(evaluation.validationPredictions())));
  }

  private static double[] scores(List<ImagePrediction> predictions) {
    return predictions.stream()
        .flatMap(p -> p.outOfDistributionScore().stream())
        .mapToDouble(d -> d)
        .filter(Double::isFinite)
        .sorted()
        .toArray();
  }

  private static Chart chart(
      OutOfDistributionMetrics outOfDistribution, double[] evaluated, double[] validation) {
    double highest = Math.max(last(evaluated), last(validation));
    double axisLimit =
        Arrays.stream(AXIS_LIMITS).filter(end -> end >= highest).findFirst().orElse(highest);
    Chart.Builder chart =
        Chart.builder(
            "distance",
            "Out-of-distribution score",
            new Chart.Axis("score", 0, axisLimit),
            Chart.Axis.zeroToOne("cumulative share"));
    if (outOfDistribution.limit() instanceof Estimate.Defined limit) {
      chart.line(
          "limit", "guide", new double[] {limit.value(), limit.value()}, new double[] {0, 1});
    }
    return chart
        .line("validation", "line-1", steps(validation), cumulativeShares(validation.length))
        .line("this split", "line-0", steps(evaluated), cumulativeShares(evaluated.length))
        .build(
            "A line to the right of validation means that these images are less like the training images. Images above the limit of %s are rejected."
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
