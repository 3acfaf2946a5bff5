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

/** The charts of a training, of the figures that it has. */
final class Curves {

  private static final double[] LOWEST = {0.9, 0.75, 0.5, 0};
  private static final String TRAINING = "line-1";
  private static final String VALIDATION = "line-0";
  private static final String AUROC = "line-2";

  private final List<Epoch> epochs;
  private final int kept;

  private Curves(List<Epoch> epochs, int kept) {
    this.epochs = epochs;
    this.kept = kept;
  }

  /** Those there is something to show for. */
  static List<Chart> of(List<Epoch> epochs, int kept) {
    if (epochs.isEmpty()) {
      return List.of();
    }
    Curves curves = new Curves(epochs, kept);
    return Stream.of(curves.losses(), curves.shares(), curves.learningRate())
        .filter(chart -> !chart.lines().isEmpty())
        .toList();
  }

  private Chart losses() {
    double most = values(Epoch.TRAINING_LOSS, Epoch.VALIDATION_LOSS).max().orElse(1);
    Chart.Builder chart = chart("loss", "Loss", Chart.Axis.upTo("loss", most > 0 ? most : 1));
    line(chart, "training", TRAINING, Epoch.TRAINING_LOSS);
    line(chart, "validation", VALIDATION, Epoch.VALIDATION_LOSS);
    mark(chart, Epoch.VALIDATION_LOSS);
    return chart.build(
        sentence("The training loss", Epoch.TRAINING_LOSS)
            + sentence("The validation loss", Epoch.VALIDATION_LOSS)
            + atKept("validation loss", Epoch.VALIDATION_LOSS));
  }

  private Chart shares() {
    double least =
        values(Epoch.TRAINING_ACCURACY, Epoch.VALIDATION_ACCURACY, Epoch.VALIDATION_AUROC)
            .min()
            .orElse(0);
    double from = DoubleStream.of(LOWEST).filter(low -> low <= least).findFirst().orElse(0);
    Chart.Builder chart =
        chart("accuracy", "Accuracy and AUROC", new Chart.Axis("accuracy, AUROC", from, 1));
    line(chart, "training accuracy", TRAINING, Epoch.TRAINING_ACCURACY);
    line(chart, "validation accuracy", VALIDATION, Epoch.VALIDATION_ACCURACY);
    line(chart, "validation AUROC", AUROC, Epoch.VALIDATION_AUROC);
    mark(chart, Epoch.VALIDATION_ACCURACY);
    return chart.build(
        sentence("The training accuracy", Epoch.TRAINING_ACCURACY)
            + sentence("The validation accuracy", Epoch.VALIDATION_ACCURACY)
            + sentence("The validation AUROC", Epoch.VALIDATION_AUROC)
            + "Accuracy is at probability 0.5.");
  }

  /** In units of its power of ten; none if it stays. */
  private Chart learningRate() {
    double most = values(Epoch.LEARNING_RATE).max().orElse(0);
    int power = most > 0 ? (int) Math.floor(Math.log10(most)) : 0;
    double unit = Math.pow(10, power);
    Chart.Builder chart =
        chart(
            "learning-rate",
            "Learning rate",
            Chart.Axis.upTo("learning rate, in 1e" + power, most > 0 ? most / unit : 1));
    if (values(Epoch.LEARNING_RATE).distinct().count() > 1) {
      List<Epoch> all = with(Epoch.LEARNING_RATE);
      chart.line(
          "",
          VALIDATION,
          all.stream().mapToDouble(Epoch::number).toArray(),
          values(Epoch.LEARNING_RATE).map(rate -> rate / unit).toArray());
    }
    return chart.build(
        "Of each epoch’s last step: from %s to %s."
            .formatted(
                rate(values(Epoch.LEARNING_RATE).findFirst().orElse(0)),
                rate(values(Epoch.LEARNING_RATE).reduce(0, (first, last) -> last))));
  }

  private Chart.Builder chart(String id, String title, Chart.Axis y) {
    return Chart.builder(id, title, Chart.Axis.counting("epoch", epochs.size()), y);
  }

  private void line(Chart.Builder chart, String name, String style, String figure) {
    chart.line(
        name,
        style,
        with(figure).stream().mapToDouble(Epoch::number).toArray(),
        values(figure).toArray());
  }

  private void mark(Chart.Builder chart, String figure) {
    OptionalDouble value = at(kept, figure);
    if (value.isPresent()) {
      double y = value.getAsDouble();
      chart.mark("operating", kept, y, y, y);
    }
  }

  private OptionalDouble at(int number, String figure) {
    return epochs.stream()
        .filter(epoch -> epoch.number() == number)
        .flatMapToDouble(epoch -> epoch.figure(figure).stream())
        .findFirst();
  }

  private String atKept(String name, String figure) {
    OptionalDouble value = at(kept, figure);
    return value.isPresent()
        ? "The mark is the kept epoch, %d: %s %s."
            .formatted(kept, name, number(value.getAsDouble()))
        : "";
  }

  private String sentence(String name, String figure) {
    double[] all = values(figure).toArray();
    return all.length == 0
        ? ""
        : "%s goes from %s to %s. ".formatted(name, number(all[0]), number(all[all.length - 1]));
  }

  private List<Epoch> with(String figure) {
    return epochs.stream().filter(epoch -> epoch.figure(figure).isPresent()).toList();
  }

  private DoubleStream values(String... figures) {
    List<Double> all = new ArrayList<>();
    for (String figure : figures) {
      epochs.forEach(epoch -> epoch.figure(figure).ifPresent(all::add));
    }
    return all.stream().mapToDouble(Double::doubleValue);
  }

  /** With three digits that count, such as {@code 0.0005}. */
  static String rate(double value) {
    return new BigDecimal(value, new MathContext(3)).stripTrailingZeros().toString();
  }

  static String number(double value) {
    return Math.abs(value) >= 0.001 || value == 0
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.3g", value);
  }
}
