package dev.cxr.eval.report;

import dev.cxr.common.html.Chart;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The charts of a training: loss, accuracy and AUROC, learning rate.
 *
 * @param epochs at least one
 * @param keptEpoch number of the epoch whose weights were kept; empty if it is not known
 */
public record TrainingCharts(List<Epoch> epochs, OptionalInt keptEpoch) {

  private static final double[] AXIS_MINIMA = {0.9, 0.75, 0.5, 0};
  private static final String TRAINING = "line-1";
  private static final String VALIDATION = "line-0";
  private static final String AUROC = "line-2";

  /**
   * The metrics of an epoch.
   *
   * @param number from 1
   * @param metrics by their columns in {@code history.csv}; null or absent if undefined
   */
  public record Epoch(int number, Map<String, @Nullable Double> metrics) {}

  /**
   * {@return the charts that have a line}
   *
   * @param epochs in order
   * @param keptEpoch number of the epoch whose weights were kept; empty if it is not known
   */
  public static List<Chart> of(List<Epoch> epochs, OptionalInt keptEpoch) {
    if (epochs.isEmpty()) {
      return List.of();
    }
    TrainingCharts curves = new TrainingCharts(epochs, keptEpoch);
    return Stream.of(curves.losses(), curves.accuracies(), curves.learningRate())
        .filter(chart -> !chart.lines().isEmpty())
        .toList();
  }

  private Chart losses() {
    double most = Stream.of("train_loss", "val_loss").flatMapToDouble(this::values).max().orElse(1);
    Chart.Builder chart = chart("loss", "Loss", upTo("loss", most));
    String trends =
        line(chart, "training", " loss", TRAINING, "train_loss")
            + line(chart, "validation", " loss", VALIDATION, "val_loss");
    return chart.build(trends + mark(chart, "val_loss", "validation loss"));
  }

  private Chart accuracies() {
    double least =
        Stream.of("train_accuracy", "val_accuracy", "val_auroc")
            .flatMapToDouble(this::values)
            .min()
            .orElse(0);
    double from = DoubleStream.of(AXIS_MINIMA).filter(low -> low <= least).findFirst().orElse(0);
    Chart.Builder chart =
        chart("accuracy", "Accuracy and AUROC", new Chart.Axis("accuracy, AUROC", from, 1));
    String trends =
        line(chart, "training accuracy", "", TRAINING, "train_accuracy")
            + line(chart, "validation accuracy", "", VALIDATION, "val_accuracy")
            + line(chart, "validation AUROC", "", AUROC, "val_auroc");
    mark(chart, "val_accuracy", "validation accuracy");
    return chart.build(trends + "Accuracy is at probability 0.5.");
  }

  /** In units of its power of ten; without a line if the rate is constant. */
  private Chart learningRate() {
    double[] rates = values("learning_rate").toArray();
    double most = DoubleStream.of(rates).max().orElse(0);
    int power = most > 0 ? (int) Math.floor(Math.log10(most)) : 0;
    double unit = Math.pow(10, power);
    Chart.Builder chart =
        chart("learning-rate", "Learning rate", upTo("learning rate, in 1e" + power, most / unit));
    if (DoubleStream.of(rates).distinct().count() > 1) {
      double[] scaled = DoubleStream.of(rates).map(rate -> rate / unit).toArray();
      chart.line("", VALIDATION, numbers("learning_rate"), scaled);
    }
    return chart.build(
        rates.length == 0
            ? ""
            : "Of each epoch’s last step: from %s to %s."
                .formatted(formatRate(rates[0]), formatRate(rates[rates.length - 1])));
  }

  private static Chart.Axis upTo(String label, double most) {
    return Chart.Axis.upTo(label, most > 0 ? most : 1);
  }

  private Chart.Builder chart(String id, String title, Chart.Axis y) {
    return Chart.builder(id, title, Chart.Axis.counting("epoch", epochs.size()), y);
  }

  /** Adds a line and describes it; empty if no epoch has this metric. */
  private String line(Chart.Builder chart, String name, String noun, String style, String metric) {
    double[] all = values(metric).toArray();
    chart.line(name, style, numbers(metric), all);
    return all.length == 0
        ? ""
        : "The %s%s goes from %s to %s. "
            .formatted(name, noun, formatNumber(all[0]), formatNumber(all[all.length - 1]));
  }

  /** Marks the kept epoch, if it has the metric, and describes the mark. */
  private String mark(Chart.Builder chart, String metric, String name) {
    for (Epoch epoch : epochs) {
      Double value = epoch.metrics().get(metric);
      if (value != null && keptEpoch.isPresent() && keptEpoch.getAsInt() == epoch.number()) {
        chart.mark(
            "kept epoch, " + epoch.number(),
            "operating",
            Chart.Extent.of(epoch.number()),
            Chart.Extent.of(value));
        return "The mark is the kept epoch, %d: %s %s."
            .formatted(epoch.number(), name, formatNumber(value));
      }
    }
    return "";
  }

  private double[] numbers(String metric) {
    return epochs.stream()
        .filter(epoch -> epoch.metrics().get(metric) != null)
        .mapToDouble(Epoch::number)
        .toArray();
  }

  private DoubleStream values(String metric) {
    return epochs.stream()
        .flatMap(epoch -> Stream.ofNullable(epoch.metrics().get(metric)))
        .mapToDouble(Double::doubleValue);
  }

  /**
   * {@return a learning rate with three significant digits, such as {@code 0.0005}}
   *
   * @param value the learning rate
   */
  public static String formatRate(double value) {
    return new BigDecimal(value, new MathContext(3)).stripTrailingZeros().toString();
  }

  /**
   * {@return a metric with four decimal places, or three significant digits if it is small}
   *
   * @param value the metric
   */
  public static String formatNumber(double value) {
    return Math.abs(value) >= 0.001 || value == 0
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.3g", value);
  }
}
