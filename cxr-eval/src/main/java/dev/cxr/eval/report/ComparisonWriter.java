package dev.cxr.eval.report;

import dev.cxr.data.index.Task;
import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.comparison.ModelEntry;
import dev.cxr.eval.prediction.ImagePrediction;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

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
        c.comparison());
  }

  /** A row per image, with the exact probabilities and the decision of every bundle. */
  private static void writePredictions(List<ModelEntry> models, Path file) throws IOException {
    List<String> header = new ArrayList<>(List.of("path", "patient", "finding", "split"));
    for (ModelEntry model : models) {
      for (String name : model.settings().task().classes()) {
        header.add("p_%s_%s".formatted(model.label(), name));
      }
      header.add("decision_" + model.label());
    }
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(header.toArray(String[]::new)).get();
    try (BufferedWriter out = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(out, format)) {
      for (int i = 0; i < models.get(0).predictions().size(); i++) {
        ImagePrediction first = models.get(0).predictions().get(i);
        csv.print(first.path());
        csv.print(first.patient());
        csv.print(first.finding());
        csv.print(first.split());
        for (ModelEntry model : models) {
          ImagePrediction prediction = model.predictions().get(i);
          for (double probability : prediction.probabilities()) {
            csv.print(probability);
          }
          Task task = model.settings().task();
          csv.print(
              prediction.positiveProbability(task) >= model.settings().threshold()
                  ? task.positiveClass()
                  : task.classes().get(0));
        }
        csv.println();
      }
    }
  }
}
