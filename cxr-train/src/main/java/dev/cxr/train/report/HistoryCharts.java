package dev.cxr.train.report;

import dev.cxr.common.html.Chart;
import dev.cxr.train.loop.EpochMetrics;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The charts of a training.
 *
 * @param epochs at least one
 * @param keptEpoch number of the epoch whose weights were kept
 */
record HistoryCharts(List<EpochMetrics> epochs, int keptEpoch) {

  private static final double[] AXIS_MINIMA = {0.9, 0.75, 0.5, 0};
  private static final String TRAINING = "line-1";
  private static final String VALIDATION = "line-0";
  private static final String AUROC = "line-2";

  /** The charts that have a line. */
  static List<Chart> of(List<EpochMetrics> epochs, int keptEpoch) {
    if (epochs.isEmpty()) {
      return List.of();
    }
    HistoryCharts curves = new HistoryCharts(epochs, keptEpoch);
    return Stream.of(curves.losses(), curves.accuracies(), curves.learningRate())
        .filter(chart -> !chart.lines().isEmpty())
        .toList();
  }

  private Chart losses() {
    double most =
        epochs.stream()
            .mapToDouble(e -> Math.max(e.trainLoss(), e.validationLoss()))
            .max()
            .orElse(1);
    Chart.Builder chart = chart("loss", "Loss", upTo("loss", most));
    String trends =
        line(chart, "training", " loss", TRAINING, EpochMetrics::trainLoss)
            + line(chart, "validation", " loss", VALIDATION, EpochMetrics::validationLoss);
    double kept = epochs.get(keptEpoch - 1).validationLoss();
    mark(chart, kept);
    return chart.build(
        "%sThe mark is the kept epoch, %d: validation loss %s."
            .formatted(trends, keptEpoch, formatNumber(kept)));
  }

  private Chart accuracies() {
    double least =
        Stream.<Function<EpochMetrics, @Nullable Double>>of(
                EpochMetrics::trainAccuracy,
                EpochMetrics::validationAccuracy,
                EpochMetrics::validationAuroc)
            .flatMapToDouble(this::values)
            .min()
            .orElse(0);
    double from = DoubleStream.of(AXIS_MINIMA).filter(low -> low <= least).findFirst().orElse(0);
    Chart.Builder chart =
        chart("accuracy", "Accuracy and AUROC", new Chart.Axis("accuracy, AUROC", from, 1));
    String trends =
        line(chart, "training accuracy", "", TRAINING, EpochMetrics::trainAccuracy)
            + line(chart, "validation accuracy", "", VALIDATION, EpochMetrics::validationAccuracy)
            + line(chart, "validation AUROC", "", AUROC, EpochMetrics::validationAuroc);
    Double kept = epochs.get(keptEpoch - 1).validationAccuracy();
    if (kept != null) {
      mark(chart, kept);
    }
    return chart.build(trends + "Accuracy is at probability 0.5.");
  }

  /** In units of its power of ten; without a line if the rate is constant. */
  private Chart learningRate() {
    double[] rates = values(EpochMetrics::learningRate).toArray();
    double most = DoubleStream.of(rates).max().orElse(0);
    int power = most > 0 ? (int) Math.floor(Math.log10(most)) : 0;
    double unit = Math.pow(10, power);
    Chart.Builder chart =
        chart("learning-rate", "Learning rate", upTo("learning rate, in 1e" + power, most / unit));
    if (DoubleStream.of(rates).distinct().count() > 1) {
      line(chart, "", "", VALIDATION, epoch -> epoch.learningRate() / unit);
    }
    return chart.build(
        "Of each epoch’s last step: from %s to %s."
            .formatted(formatRate(rates[0]), formatRate(rates[rates.length - 1])));
  }

  private static Chart.Axis upTo(String label, double most) {
    return Chart.Axis.upTo(label, most > 0 ? most : 1);
  }

  private Chart.Builder chart(String id, String title, Chart.Axis y) {
    return Chart.builder(id, title, Chart.Axis.counting("epoch", epochs.size()), y);
  }

  /** Adds a line and describes it; empty if no epoch has this metric. */
  private String line(
      Chart.Builder chart,
      String name,
      String noun,
      String style,
      Function<EpochMetrics, @Nullable Double> metric) {
    double[] all = values(metric).toArray();
    chart.line(
        name,
        style,
        epochs.stream()
            .filter(epoch -> metric.apply(epoch) != null)
            .mapToDouble(EpochMetrics::epoch)
            .toArray(),
        all);
    return all.length == 0
        ? ""
        : "The %s%s goes from %s to %s. "
            .formatted(name, noun, formatNumber(all[0]), formatNumber(all[all.length - 1]));
  }

  private void mark(Chart.Builder chart, double y) {
    chart.mark("operating", keptEpoch, y, y, y);
  }

  private DoubleStream values(Function<EpochMetrics, @Nullable Double> metric) {
    return epochs.stream()
        .flatMap(epoch -> Stream.ofNullable(metric.apply(epoch)))
        .mapToDouble(Double::doubleValue);
  }

  /** With three significant digits, such as {@code 0.0005}. */
  static String formatRate(double value) {
    return new BigDecimal(value, new MathContext(3)).stripTrailingZeros().toString();
  }

  static String formatNumber(double value) {
    return Math.abs(value) >= 0.001 || value == 0
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.3g", value);
  }
}
