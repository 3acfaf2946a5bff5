package dev.cxr.eval;

import dev.cxr.data.index.Task;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.comparison.ModelEntry;
import dev.cxr.eval.prediction.Prediction;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The files that a comparison leaves. */
final class ComparisonFiles {

  private static final int SCHEMA_VERSION = 1;

  private ComparisonFiles() {}

  /** What comparison.json holds; the module's README documents it. */
  private record Document(
      int schemaVersion,
      String disclaimer,
      List<BundleId> bundles,
      DataId data,
      String positiveClass,
      ModelComparison comparison) {}

  private record BundleId(String label, String id, String name, boolean trainedOnSyntheticSample) {}

  private record DataId(
      String name,
      boolean synthetic,
      String split,
      int pictures,
      long patients,
      String fingerprint,
      List<String> notices) {}

  static void write(Comparing comparing, Path folder) throws IOException {
    Files.writeString(
        folder.resolve("comparison.json"), EvaluationFiles.GSON.toJson(document(comparing)) + "\n");
    writePredictions(comparing.entrants(), folder.resolve("predictions.csv"));
    Files.writeString(folder.resolve("report.html"), ComparisonPage.of(comparing));
  }

  private static Document document(Comparing c) {
    return new Document(
        SCHEMA_VERSION,
        "Research software, not a medical device.",
        IntStream.range(0, c.bundles().size())
            .mapToObj(
                i ->
                    new BundleId(
                        c.entrants().get(i).label(),
                        c.bundles().get(i).id(),
                        c.bundles().get(i).manifest().name(),
                        c.bundles().get(i).manifest().data().synthetic()))
            .toList(),
        new DataId(
            c.data().name(),
            c.data().synthetic(),
            c.split().toString(),
            c.entrants().get(0).predictions().size(),
            c.patients(),
            c.fingerprint(),
            c.data().notices()),
        c.bundles().get(0).manifest().positiveClass(),
        c.comparison());
  }

  /** A row for every picture, and for each bundle what it says of it, to the last digit. */
  private static void writePredictions(List<ModelEntry> entrants, Path file) throws IOException {
    List<String> header = new ArrayList<>(List.of("path", "patient", "finding", "split"));
    for (ModelEntry entrant : entrants) {
      for (String name : entrant.settings().task().classes()) {
        header.add("p_%s_%s".formatted(entrant.label(), name));
      }
      header.add("decision_" + entrant.label());
    }
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(header.toArray(String[]::new)).get();
    try (BufferedWriter out = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(out, format)) {
      for (int i = 0; i < entrants.get(0).predictions().size(); i++) {
        Prediction first = entrants.get(0).predictions().get(i);
        csv.print(first.path());
        csv.print(first.patient());
        csv.print(first.finding());
        csv.print(first.split());
        for (ModelEntry entrant : entrants) {
          Prediction own = entrant.predictions().get(i);
          for (double probability : own.probabilities()) {
            csv.print(probability);
          }
          Task task = entrant.settings().task();
          csv.print(
              own.positiveProbability(task) >= entrant.settings().threshold()
                  ? task.positiveClass()
                  : task.classes().get(0));
        }
        csv.println();
      }
    }
  }
}
