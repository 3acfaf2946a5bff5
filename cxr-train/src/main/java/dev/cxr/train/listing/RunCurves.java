package dev.cxr.train.listing;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.Chart.Axis;
import dev.cxr.train.loop.EpochMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The training curves of several runs, laid over each other.
 *
 * @param runs those that have a line
 * @param left number of runs that would need more lines than can be distinguished
 */
record RunCurves(List<RunSummary> runs, int left) {

  private static final double[] AXIS_MINIMA = {0.9, 0.75, 0.5, 0};

  /** A run and the style of its lines. */
  record LegendEntry(String name, String style) {}

  /** Of the newest runs that have an epoch. */
  static RunCurves of(RunsFolder folder) {
    List<RunSummary> all = folder.runs().stream().filter(run -> !run.history().isEmpty()).toList();
    List<RunSummary> shown = all.subList(0, Math.min(Chart.MAX_LINES, all.size()));
    return new RunCurves(shown, all.size() - shown.size());
  }

  String note() {
    return "The circles are the best epochs."
        + (left == 0
            ? ""
            : " Only the newest %d of %d runs are shown: name up to %d runs on the command line to choose others."
                .formatted(runs.size(), runs.size() + left, Chart.MAX_LINES));
  }

  List<LegendEntry> legend() {
    return IntStream.range(0, runs.size())
        .mapToObj(i -> new LegendEntry(runs.get(i).name(), Chart.lineStyle(i)))
        .toList();
  }

  /** The charts that have a line. */
  List<Chart> charts() {
    return Stream.of(
            chart("validation-auroc", "Validation AUROC", "AUROC", EpochMetrics::validationAuroc),
            chart("validation-loss", "Validation loss", "loss", EpochMetrics::validationLoss),
            chart("training-loss", "Training loss", "loss", EpochMetrics::trainLoss))
        .filter(chart -> !chart.lines().isEmpty())
        .toList();
  }

  private Chart chart(
      String id, String title, String label, Function<EpochMetrics, @Nullable Double> metric) {
    double[] all = runs.stream().flatMapToDouble(run -> values(run.history(), metric)).toArray();
    int epochs = runs.stream().mapToInt(run -> run.history().size()).max().orElse(1);
    Axis y =
        label.equals("AUROC")
            ? new Axis(label, axisMinimum(all), 1)
            : Axis.upTo(label, Math.max(1e-6, DoubleStream.of(all).max().orElse(1)));
    Chart.Builder chart = Chart.builder(id, title, Axis.counting("epoch", epochs), y);
    List<String> best = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      RunSummary run = runs.get(i);
      List<EpochMetrics> defined =
          run.history().stream().filter(epoch -> metric.apply(epoch) != null).toList();
      chart.line(
          "",
          Chart.lineStyle(i),
          defined.stream().mapToDouble(EpochMetrics::epoch).toArray(),
          values(defined, metric).toArray());
      int line = i;
      run.best()
          .ifPresent(
              epoch -> {
                Double value = metric.apply(epoch);
                if (value != null) {
                  chart.mark("best " + Chart.colourStyle(line), epoch.epoch(), value, value, value);
                  best.add(String.format(Locale.ROOT, "%s %.3f", run.name(), value));
                }
              });
    }
    return chart.build("At the best epoch: %s.".formatted(String.join(", ", best)));
  }

  private static double axisMinimum(double[] values) {
    double least = DoubleStream.of(values).min().orElse(0);
    return DoubleStream.of(AXIS_MINIMA).filter(low -> low <= least).findFirst().orElse(0);
  }

  private static DoubleStream values(
      List<EpochMetrics> epochs, Function<EpochMetrics, @Nullable Double> metric) {
    return epochs.stream()
        .flatMap(epoch -> Stream.ofNullable(metric.apply(epoch)))
        .mapToDouble(Double::doubleValue);
  }
}
