package dev.cxr.eval.report;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.html.Chart;
import dev.cxr.data.index.Split;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.EvaluationSplit;
import dev.cxr.eval.figure.Figure;
import dev.cxr.eval.figure.FigureWriter;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.MultiClassConfusionMatrix;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The figures of an evaluation for a paper, and of the training of its bundle. */
public final class EvaluationFigures {

  private final Evaluation evaluation;
  private final EvaluationMetrics metrics;
  private final Manifest manifest;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> omitted = new ArrayList<>();

  private EvaluationFigures(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.metrics = evaluation.metrics();
    this.manifest = evaluation.bundle().manifest();
  }

  /**
   * What was written.
   *
   * @param names of the figures: the files without extension
   * @param omitted the figures that make no sense for this evaluation, each with the reason
   */
  public record WrittenFigures(List<String> names, List<String> omitted) {}

  /**
   * Writes every figure that makes sense as SVG, PNG and PDF.
   *
   * @param evaluation the evaluation
   * @param folder an existing folder
   * @return what was written
   * @throws UserErrorException if the bundle's {@code history.csv} is damaged
   * @throws IOException if a file cannot be read or written
   */
  public static WrittenFigures write(Evaluation evaluation, Path folder) throws IOException {
    EvaluationFigures all = new EvaluationFigures(evaluation);
    all.addCurves();
    all.addConfusions();
    all.addTraining();
    for (Figure figure : all.figures) {
      FigureWriter.write(figure, folder);
    }
    return new WrittenFigures(
        all.figures.stream().map(Figure::name).toList(), List.copyOf(all.omitted));
  }

  private void addCurves() {
    EvaluationCharts charts = new EvaluationCharts(evaluation, metrics);
    addCurve("roc", metrics.binary().auroc(), charts.roc(), "");
    addCurve("precision-recall", metrics.binary().averagePrecision(), charts.precisionRecall(), "");
    if (evaluation.settings().task().isAnomaly()) {
      omitted.add("calibration: an anomaly score is not a probability");
    } else {
      addCurve(
          "calibration",
          metrics.calibration().before().reliability().ece(),
          charts.reliability(),
          " Bars: Wilson intervals of the bins.");
    }
  }

  /** Adds a chart if its metric is defined. */
  private void addCurve(String name, Estimate metric, Chart chart, String note) {
    if (metric instanceof Estimate.Undefined undefined) {
      omitted.add(name + ": not defined, " + undefined.reason());
    } else {
      figures.add(Figure.of(name, chart, images() + " 95 % intervals by patient." + note));
    }
  }

  private void addConfusions() {
    List<String> names =
        manifest.classes().size() == 2
            ? List.of("confusion")
            : List.of("confusion-classes", "confusion", "confusion-cascade");
    List<ConfusionTable> tables = ConfusionTable.of(metrics, manifest);
    for (int i = 0; i < tables.size(); i++) {
      String title = "Confusion matrix " + tables.get(i).label();
      MultiClassConfusionMatrix matrix = tables.get(i).matrix();
      figures.add(
          Figure.of(
              names.get(i),
              title,
              new MultiClassConfusionMatrix(
                  matrix.classes().stream().map(MetricText::className).toList(), matrix.counts()),
              "%s. Counts, and their share of the row. %s".formatted(title, images())));
    }
  }

  /** Which images were evaluated, as small print. */
  private String images() {
    ConfusionMatrix counts = metrics.binary().confusion();
    return "Dataset %s, %s: n = %d images of %d patients, %d of them %s. %s"
        .formatted(
            evaluation.data().name(),
            evaluation.split() == EvaluationSplit.ALL
                ? "all images"
                : evaluation.split() + " split",
            evaluation.evaluatedPredictions().size(),
            evaluation.patients(),
            counts.tp() + counts.fn(),
            MetricText.className(manifest.positiveClass()),
            model(evaluation.data().synthetic()));
  }

  private String model(boolean synthetic) {
    return "Model %s (bundle %s).%s"
        .formatted(
            manifest.name(),
            evaluation.bundle().id(),
            synthetic ? " Synthetic images, which show nothing about medicine." : "");
  }

  /** Adds the curves of every training in the bundle's history. */
  private void addTraining() throws IOException {
    Map<String, List<TrainingCharts.Epoch>> trainings =
        TrainingHistoryFile.read(evaluation.bundle());
    if (trainings.isEmpty()) {
      omitted.add("training curves: the bundle's history.csv has no epochs");
    }
    trainings.forEach(
        (name, epochs) -> {
          if (name.isEmpty()) {
            String images =
                "%d training and %d validation images"
                    .formatted(imageCount(Split.TRAIN), imageCount(Split.VALIDATION));
            addTraining("training-", images, epochs, OptionalInt.of(manifest.epoch()));
          } else {
            String prefix = "training-%s-".formatted(name.replaceAll("[^A-Za-z0-9-]", "-"));
            addTraining(prefix, "part " + name, epochs, OptionalInt.empty());
          }
        });
  }

  private void addTraining(
      String prefix, String part, List<TrainingCharts.Epoch> epochs, OptionalInt kept) {
    String note =
        "Training on %s: %s. %s"
            .formatted(manifest.data().name(), part, model(manifest.data().synthetic()));
    for (Chart chart : TrainingCharts.of(epochs, kept)) {
      figures.add(Figure.of(prefix + chart.id(), chart, note));
    }
  }

  private int imageCount(Split split) {
    Manifest.SplitData images = manifest.data().splits().get(split.toString());
    return images == null ? 0 : images.count();
  }
}
