package dev.cxr.train.report;

import dev.cxr.common.html.Chart;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The charts of a training. */
final class HistoryCharts {

  private static final double[] AXIS_MINIMA = {0.9, 0.75, 0.5, 0};
  private static final String TRAINING = "line-1";
  private static final String VALIDATION = "line-0";
  private static final String AUROC = "line-2";

  private final List<HistoryRow> epochs;
  private final int keptEpoch;

  private HistoryCharts(List<HistoryRow> epochs, int keptEpoch) {
    this.epochs = epochs;
    this.keptEpoch = keptEpoch;
  }

  /** The charts that have a line. */
  static List<Chart> of(List<HistoryRow> epochs, int keptEpoch) {
    if (epochs.isEmpty()) {
      return List.of();
    }
    HistoryCharts curves = new HistoryCharts(epochs, keptEpoch);
    return Stream.of(curves.losses(), curves.accuracies(), curves.learningRate())
        .filter(chart -> !chart.lines().isEmpty())
        .toList();
  }

  private Chart losses() {
    double most = values(HistoryRow.TRAINING_LOSS, HistoryRow.VALIDATION_LOSS).max().orElse(1);
    Chart.Builder chart = chart("loss", "Loss", Chart.Axis.upTo("loss", most > 0 ? most : 1));
    line(chart, "training", TRAINING, HistoryRow.TRAINING_LOSS);
    line(chart, "validation", VALIDATION, HistoryRow.VALIDATION_LOSS);
    mark(chart, HistoryRow.VALIDATION_LOSS);
    return chart.build(
        describeTrend("The training loss", HistoryRow.TRAINING_LOSS)
            + describeTrend("The validation loss", HistoryRow.VALIDATION_LOSS)
            + describeKeptEpoch("validation loss", HistoryRow.VALIDATION_LOSS));
  }

  private Chart accuracies() {
    double least =
        values(
                HistoryRow.TRAINING_ACCURACY,
                HistoryRow.VALIDATION_ACCURACY,
                HistoryRow.VALIDATION_AUROC)
            .min()
            .orElse(0);
    double from = DoubleStream.of(AXIS_MINIMA).filter(low -> low <= least).findFirst().orElse(0);
    Chart.Builder chart =
        chart("accuracy", "Accuracy and AUROC", new Chart.Axis("accuracy, AUROC", from, 1));
    line(chart, "training accuracy", TRAINING, HistoryRow.TRAINING_ACCURACY);
    line(chart, "validation accuracy", VALIDATION, HistoryRow.VALIDATION_ACCURACY);
    line(chart, "validation AUROC", AUROC, HistoryRow.VALIDATION_AUROC);
    mark(chart, HistoryRow.VALIDATION_ACCURACY);
    return chart.build(
        describeTrend("The training accuracy", HistoryRow.TRAINING_ACCURACY)
            + describeTrend("The validation accuracy", HistoryRow.VALIDATION_ACCURACY)
            + describeTrend("The validation AUROC", HistoryRow.VALIDATION_AUROC)
            + "Accuracy is at probability 0.5.");
  }

  /** In units of its power of ten; without a line if the rate is constant. */
  private Chart learningRate() {
    double most = values(HistoryRow.LEARNING_RATE).max().orElse(0);
    int power = most > 0 ? (int) Math.floor(Math.log10(most)) : 0;
    double unit = Math.pow(10, power);
    Chart.Builder chart =
        chart(
            "learning-rate",
            "Learning rate",
            Chart.Axis.upTo("learning rate, in 1e" + power, most > 0 ? most / unit : 1));
    if (values(HistoryRow.LEARNING_RATE).distinct().count() > 1) {
      List<HistoryRow> all = with(HistoryRow.LEARNING_RATE);
      chart.line(
          "",
          VALIDATION,
          all.stream().mapToDouble(HistoryRow::number).toArray(),
          values(HistoryRow.LEARNING_RATE).map(rate -> rate / unit).toArray());
    }
    return chart.build(
        "Of each epoch’s last step: from %s to %s."
            .formatted(
                formatRate(values(HistoryRow.LEARNING_RATE).findFirst().orElse(0)),
                formatRate(values(HistoryRow.LEARNING_RATE).reduce(0, (first, last) -> last))));
  }

  private Chart.Builder chart(String id, String title, Chart.Axis y) {
    return Chart.builder(id, title, Chart.Axis.counting("epoch", epochs.size()), y);
  }

  private void line(Chart.Builder chart, String name, String style, String metric) {
    chart.line(
        name,
        style,
        with(metric).stream().mapToDouble(HistoryRow::number).toArray(),
        values(metric).toArray());
  }

  private void mark(Chart.Builder chart, String metric) {
    OptionalDouble value = at(keptEpoch, metric);
    if (value.isPresent()) {
      double y = value.getAsDouble();
      chart.mark("operating", keptEpoch, y, y, y);
    }
  }

  private OptionalDouble at(int number, String metric) {
    return epochs.stream()
        .filter(epoch -> epoch.number() == number)
        .flatMapToDouble(epoch -> epoch.metric(metric).stream())
        .findFirst();
  }

  private String describeKeptEpoch(String name, String metric) {
    OptionalDouble value = at(keptEpoch, metric);
    return value.isPresent()
        ? "The mark is the kept epoch, %d: %s %s."
            .formatted(keptEpoch, name, formatNumber(value.getAsDouble()))
        : "";
  }

  private String describeTrend(String name, String metric) {
    double[] all = values(metric).toArray();
    return all.length == 0
        ? ""
        : "%s goes from %s to %s. "
            .formatted(name, formatNumber(all[0]), formatNumber(all[all.length - 1]));
  }

  private List<HistoryRow> with(String metric) {
    return epochs.stream().filter(epoch -> epoch.metric(metric).isPresent()).toList();
  }

  private DoubleStream values(String... metrics) {
    List<Double> all = new ArrayList<>();
    for (String metric : metrics) {
      epochs.forEach(epoch -> epoch.metric(metric).ifPresent(all::add));
    }
    return all.stream().mapToDouble(Double::doubleValue);
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
