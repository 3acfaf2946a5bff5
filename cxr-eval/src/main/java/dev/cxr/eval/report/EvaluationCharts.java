package dev.cxr.eval.report;

import static dev.cxr.eval.report.MetricText.plain;
import static dev.cxr.eval.report.MetricText.withInterval;

import dev.cxr.common.html.Chart;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.DecisionCurve;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.PrecisionRecallCurve;
import dev.cxr.eval.metrics.RiskCoverageCurve;
import dev.cxr.eval.metrics.RocCurve;
import dev.cxr.eval.metrics.calibration.ReliabilityDiagram;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The charts of an evaluation page. */
record EvaluationCharts(Evaluation evaluation, EvaluationMetrics metrics) {

  private static final double[] UNIT_RANGE = {0, 1};
  private static final String GUIDE = "guide";

  /** So many classes have a colour of their own. */
  private static final int COLOURED_CLASSES = 3;

  Chart roc() {
    Chart.Builder chart = roc("ROC curve");
    RocCurve curve = metrics.binary().roc();
    String positive =
        metrics.rocByClass().isEmpty()
            ? ""
            : MetricText.positive(evaluation.bundle().manifest()) + ": ";
    chart.line(
        positive + "AUROC " + withInterval(metrics.binary().auroc()),
        "line-0",
        curve.fpr(),
        curve.tpr());
    int shown = Math.min(metrics.rocByClass().size(), Chart.MAX_LINES - 1);
    for (int c = 0; c < shown; c++) {
      RocCurve own = metrics.rocByClass().get(c);
      MultiClassMetrics.ClassMetrics metric = metrics.multiClass().classes().get(c);
      chart.line(
          "%s vs rest: AUROC %s"
              .formatted(MetricText.className(metric.name()), withInterval(metric.auroc())),
          c < COLOURED_CLASSES ? "line-" + (c + 1) : Chart.lineStyle(c + 1),
          own.fpr(),
          own.tpr());
    }
    Estimate falsePositives = complement(metrics.binary().specificity());
    markThreshold(chart, falsePositives, metrics.binary().recall());
    return chart.build(
        "Area %s. The mark is the operating threshold, with intervals: sensitivity %s, specificity %s. The dashed line is chance.%s"
            .formatted(
                plain(metrics.binary().auroc()),
                plain(metrics.binary().recall()),
                plain(metrics.binary().specificity()),
                shown < metrics.rocByClass().size()
                    ? " Of %d classes the first %d are shown."
                        .formatted(metrics.rocByClass().size(), shown)
                    : ""));
  }

  private static Estimate complement(Estimate share) {
    if (!(share instanceof Estimate.Defined defined)) {
      return share;
    }
    Interval interval = defined.bestInterval();
    return new Estimate.Defined(
        1 - defined.value(),
        defined.n(),
        interval == null ? null : new Interval(1 - interval.high(), 1 - interval.low()));
  }

  private void markThreshold(Chart.Builder chart, Estimate x, Estimate y) {
    if (x instanceof Estimate.Defined atX && y instanceof Estimate.Defined atY) {
      chart.mark(
          "operating threshold " + MetricText.number(metrics.binary().threshold()),
          "operating",
          extent(atX),
          extent(atY));
    }
  }

  private static Chart.Extent extent(Estimate.Defined metric) {
    Interval interval = metric.bestInterval();
    return interval == null
        ? Chart.Extent.of(metric.value())
        : new Chart.Extent(interval.low(), metric.value(), interval.high());
  }

  static void markOperatingPoint(Chart.Builder chart, ConfusionMatrix counts) {
    if (counts.recall() instanceof Estimate.Defined sensitivity
        && counts.specificity() instanceof Estimate.Defined specificity) {
      double y = sensitivity.value();
      chart.mark("operating", 1 - specificity.value(), y, y, y);
    }
  }

  Chart precisionRecall() {
    PrecisionRecallCurve curve = metrics.precisionRecall();
    double share =
        curve.precision().length == 0 ? 0 : curve.precision()[curve.precision().length - 1];
    int points = curve.recall().length;
    // A step function: the precision of a point holds up to its recall.
    double[] recall =
        IntStream.range(0, 2 * points)
            .mapToDouble(i -> i == 0 ? 0 : curve.recall()[(i - 1) / 2])
            .toArray();
    double[] precision =
        IntStream.range(0, 2 * points).mapToDouble(i -> curve.precision()[i / 2]).toArray();
    Chart.Builder chart =
        Chart.builder(
                "precision-recall",
                "Precision-recall curve",
                Chart.Axis.zeroToOne("recall"),
                Chart.Axis.zeroToOne("precision"))
            .line(
                "share of positives " + MetricText.number(share),
                GUIDE,
                UNIT_RANGE,
                new double[] {share, share})
            .line(
                "average precision " + withInterval(metrics.binary().averagePrecision()),
                "line-0",
                recall,
                precision);
    markThreshold(chart, metrics.binary().recall(), metrics.binary().precision());
    return chart.build(
        "Average precision %s. The mark is the operating threshold, with intervals. The dashed line is the share of positives: the precision of predicting all positive."
            .formatted(plain(metrics.binary().averagePrecision())));
  }

  Chart reliability() {
    Chart.Builder chart =
        Chart.builder(
                "reliability",
                "Reliability",
                Chart.Axis.zeroToOne("mean probability"),
                Chart.Axis.zeroToOne("share of positives"))
            .line("perfect calibration", GUIDE, UNIT_RANGE, UNIT_RANGE);
    ReliabilityDiagram after = metrics.calibration().after().reliability();
    ReliabilityDiagram before = metrics.calibration().before().reliability();
    if (metrics.calibration().temperature().value() instanceof Estimate.Defined) {
      line(chart, "after temperature scaling", "line-1", after);
    }
    line(chart, "as predicted", "line-0", before);
    for (ReliabilityDiagram.Bin bin : before.bins()) {
      Interval interval = bin.positive().bestInterval();
      if (interval != null) {
        chart.mark(
            "point-0", bin.mean(), bin.positive().valueOr(0), interval.low(), interval.high());
      }
    }
    return chart.build(
        "Ten bins of about equal size, with Wilson intervals. The dashed line is perfect calibration. Expected calibration error %s, after temperature scaling %s."
            .formatted(plain(before.ece()), plain(after.ece())));
  }

  private static void line(
      Chart.Builder chart, String name, String style, ReliabilityDiagram bins) {
    chart.line(
        "%s: ECE %s".formatted(name, withInterval(bins.ece())),
        style,
        bins.bins().stream().mapToDouble(ReliabilityDiagram.Bin::mean).toArray(),
        bins.bins().stream().mapToDouble(bin -> bin.positive().valueOr(0)).toArray());
  }

  Chart decisionCurve() {
    List<DecisionCurve.Point> points = metrics.decisionCurve().points();
    double[] thresholds = points.stream().mapToDouble(DecisionCurve.Point::threshold).toArray();
    double[] model = points.stream().mapToDouble(p -> p.model().valueOr(0)).toArray();
    double[] all = points.stream().mapToDouble(p -> p.all().valueOr(0)).toArray();
    double highest = Math.max(0.1, Arrays.stream(model).max().orElse(0));
    return Chart.builder(
            "decision",
            "Decision curve",
            Chart.Axis.zeroToOne("threshold probability"),
            new Chart.Axis("net benefit", -highest / 4, highest))
        .line("treat none", GUIDE, UNIT_RANGE, new double[] {0, 0})
        .line("treat all", "line-3", thresholds, all)
        .line("model", "line-0", thresholds, model)
        .build(
            "Net benefit in true positives per image: a threshold of 0.2 accepts four false alarms for one true positive. The model is useful where its line is the highest.");
  }

  /** A chart of ROC curves with the line of chance. */
  static Chart.Builder roc(String title) {
    return Chart.builder(
            "roc",
            title,
            Chart.Axis.zeroToOne("1 − specificity"),
            Chart.Axis.zeroToOne("sensitivity"))
        .line("chance", GUIDE, UNIT_RANGE, UNIT_RANGE);
  }

  Chart riskCoverage() {
    RiskCoverageCurve curve = metrics.riskCoverage();
    double highest = Math.max(0.05, Arrays.stream(curve.risk()).max().orElse(0));
    return Chart.builder(
            "abstention",
            "Risk and coverage",
            Chart.Axis.zeroToOne("coverage"),
            new Chart.Axis("error rate", 0, highest))
        .line("", "line-0", curve.coverage(), curve.risk())
        .build(
            "Error rate if the least confident predictions are left to a person. Area under the curve %s."
                .formatted(plain(curve.area())));
  }

  /** The cumulative distributions of the scores of this split and of validation. */
  Chart outOfDistribution() {
    Estimate limit = metrics.outOfDistribution().orElseThrow().limit();
    double[] evaluated = scores(evaluation.evaluatedPredictions());
    double[] validation = scores(evaluation.validationPredictions());
    double highest =
        Math.max(
            Arrays.stream(evaluated).max().orElse(1), Arrays.stream(validation).max().orElse(1));
    Chart.Builder chart =
        Chart.builder(
            "out-of-distribution-score",
            "Out-of-distribution score",
            Chart.Axis.upTo("score", highest),
            Chart.Axis.zeroToOne("cumulative share"));
    if (limit instanceof Estimate.Defined at) {
      chart.line("limit", GUIDE, new double[] {at.value(), at.value()}, UNIT_RANGE);
    }
    return chart
        .line("validation", "line-1", validation, shares(validation.length))
        .line("this split", "line-0", evaluated, shares(evaluated.length))
        .build(
            "A line to the right of validation means that these images are less like the training images. Images above the limit of %s are rejected."
                .formatted(plain(limit)));
  }

  private static double[] scores(List<ImagePrediction> predictions) {
    return predictions.stream()
        .flatMap(p -> p.outOfDistributionScore().stream())
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .sorted()
        .toArray();
  }

  private static double[] shares(int count) {
    return IntStream.rangeClosed(1, count).mapToDouble(i -> (double) i / count).toArray();
  }
}
