package dev.cxr.eval.report;

import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.comparison.ModelEntry;
import dev.cxr.eval.prediction.PredictionTable;
import dev.cxr.models.bundle.RecipeDifference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Writes the files of a comparison: page, metrics and predictions. */
public final class ComparisonWriter {

  private static final int SCHEMA_VERSION = 2;

  private ComparisonWriter() {}

  /** The content of comparison.json, as documented in the module's README. */
  private record ComparisonFile(
      int schemaVersion,
      String disclaimer,
      List<BundleInfo> bundles,
      DatasetInfo data,
      String positiveClass,
      List<RecipeDifference> recipeDifferences,
      ModelComparison comparison) {}

  private record BundleInfo(
      String label, String id, String name, boolean trainedOnSyntheticSample) {}

  private record DatasetInfo(
      String name,
      boolean synthetic,
      String split,
      int images,
      long patients,
      String fingerprint,
      List<String> notices) {}

  /**
   * Writes {@code report.html}, {@code comparison.json} and {@code predictions.csv}.
   *
   * @param run the comparison
   * @param folder an existing folder
   * @throws IOException if a file cannot be written
   */
  public static void write(ComparisonRun run, Path folder) throws IOException {
    Files.writeString(
        folder.resolve("comparison.json"), EvaluationWriter.GSON.toJson(document(run)) + "\n");
    writePredictions(run.models(), folder.resolve("predictions.csv"));
    Files.writeString(folder.resolve("report.html"), ComparisonPage.of(run));
  }

  private static ComparisonFile document(ComparisonRun c) {
    return new ComparisonFile(
        SCHEMA_VERSION,
        "Research software, not a medical device.",
        IntStream.range(0, c.bundles().size())
            .mapToObj(
                i ->
                    new BundleInfo(
                        c.models().get(i).label(),
                        c.bundles().get(i).id(),
                        c.bundles().get(i).manifest().name(),
                        c.bundles().get(i).manifest().data().synthetic()))
            .toList(),
        new DatasetInfo(
            c.data().name(),
            c.data().synthetic(),
            c.split().toString(),
            c.models().get(0).predictions().size(),
            c.patients(),
            c.fingerprint(),
            c.data().notices()),
        c.bundles().get(0).manifest().positiveClass(),
        c.recipeDifferences(),
        c.comparison());
  }

  /** A row per image, with the exact probabilities and the decision of every bundle. */
  private static void writePredictions(List<ModelEntry> models, Path file) throws IOException {
    PredictionTable table = new PredictionTable(models.get(0).predictions());
    for (ModelEntry model : models) {
      table.addModel(
          model.settings().task(),
          model.settings().threshold(),
          model.predictions(),
          "p_%s_".formatted(model.label()),
          "decision_" + model.label());
    }
    table.write(file);
  }
}
