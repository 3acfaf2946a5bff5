package dev.cxr.train.run;

import dev.cxr.train.loop.TrainingHistory;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a history: losses on the left, accuracy and AUROC on the right. */
final class CurvesImage {

  private static final Color TRAINING = new Color(0x7F, 0x8C, 0x8D);
  private static final Color VALIDATION = new Color(0x1F, 0x6F, 0xB2);
  private static final Color AUROC = new Color(0xD3, 0x54, 0x00);

  private CurvesImage() {}

  static void write(
      List<TrainingHistory.EpochMetrics> epochs, int bestEpoch, String title, Path file)
      throws IOException {
    XYChart losses = chart(title + ": loss", "loss", epochs);
    line(losses, "training", epochs, TrainingHistory.EpochMetrics::trainLoss, TRAINING);
    line(losses, "validation", epochs, TrainingHistory.EpochMetrics::validationLoss, VALIDATION);
    markBest(losses, epochs.get(bestEpoch - 1).validationLoss(), bestEpoch);

    XYChart accuracies = chart(title + ": accuracy and AUROC", "", epochs);
    line(
        accuracies,
        "training accuracy",
        epochs,
        TrainingHistory.EpochMetrics::trainAccuracy,
        TRAINING);
    line(
        accuracies,
        "validation accuracy",
        epochs,
        TrainingHistory.EpochMetrics::validationAccuracy,
        VALIDATION);
    line(
        accuracies,
        "validation AUROC",
        epochs,
        TrainingHistory.EpochMetrics::validationAuroc,
        AUROC);
    accuracies.getStyler().setYAxisMax(1.0);

    List<XYChart> charts =
        epochs.stream().allMatch(e -> e.validationAuroc() == null)
            ? List.of(losses)
            : List.of(losses, accuracies);
    BitmapEncoder.saveBitmap(charts, 1, charts.size(), file.toString(), BitmapFormat.PNG);
  }

  private static XYChart chart(
      String title, String yAxis, List<TrainingHistory.EpochMetrics> epochs) {
    XYChart chart =
        new XYChartBuilder()
            .width(640)
            .height(400)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisMin(1.0);
    chart.getStyler().setXAxisMax((double) Math.max(2, epochs.size()));
    chart.getStyler().setXAxisDecimalPattern("0");
    return chart;
  }

  private static void line(
      XYChart chart,
      String name,
      List<TrainingHistory.EpochMetrics> epochs,
      Function<TrainingHistory.EpochMetrics, @Nullable Double> metric,
      Color color) {
    List<TrainingHistory.EpochMetrics> defined =
        epochs.stream().filter(e -> metric.apply(e) != null).toList();
    if (defined.isEmpty()) {
      return;
    }
    double[] x = defined.stream().mapToDouble(TrainingHistory.EpochMetrics::epoch).toArray();
    double[] y = defined.stream().map(metric).mapToDouble(Objects::requireNonNull).toArray();
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(color);
    series.setMarker(SeriesMarkers.NONE);
  }

  private static void markBest(XYChart chart, double loss, int epoch) {
    XYSeries best = chart.addSeries("best epoch", new double[] {epoch}, new double[] {loss});
    best.setMarker(SeriesMarkers.CIRCLE);
    best.setMarkerColor(VALIDATION);
    best.setLineStyle(SeriesLines.NONE);
  }
}
