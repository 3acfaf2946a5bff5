package dev.cxr.eval;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.data.catalogue.Task;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.models.bundle.Manifest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The files that an evaluation leaves: {@code metrics.json} and {@code predictions.csv}. */
final class EvaluationFiles {

  private static final int SCHEMA_VERSION = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private EvaluationFiles() {}

  /** What metrics.json holds; intervals are of 95 %. */
  private record Metrics(
      int schemaVersion,
      String disclaimer,
      BundleId bundle,
      DataId data,
      Task task,
      String positiveClass,
      Manifest.Threshold threshold,
      BinaryReport figures) {}

  private record BundleId(String id, String name, boolean trainedOnSyntheticSample) {}

  private record DataId(
      String name,
      boolean synthetic,
      String split,
      int pictures,
      long patients,
      String fingerprint,
      List<String> notices) {}

  static void write(Evaluation evaluation, Path folder) throws IOException {
    Files.writeString(folder.resolve("metrics.json"), GSON.toJson(metrics(evaluation)) + "\n");
    writePredictions(evaluation, folder.resolve("predictions.csv"));
  }

  private static Metrics metrics(Evaluation e) {
    Manifest manifest = e.bundle().manifest();
    return new Metrics(
        SCHEMA_VERSION,
        "Research software, not a medical device.",
        new BundleId(e.bundle().id(), manifest.name(), manifest.data().synthetic()),
        new DataId(
            e.data().name(),
            e.data().synthetic(),
            e.split().toString(),
            e.predictions().size(),
            e.patients(),
            e.fingerprint(),
            e.data().notices()),
        manifest.task(),
        manifest.positiveClass(),
        manifest.threshold(),
        e.report());
  }

  private static void writePredictions(Evaluation evaluation, Path file) throws IOException {
    Task task = evaluation.bundle().manifest().task();
    List<String> header = new ArrayList<>(List.of("path", "patient", "finding"));
    task.classes().forEach(name -> header.add("p_" + name));
    header.add("decision");
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(header.toArray(String[]::new)).get();
    try (BufferedWriter out = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(out, format)) {
      for (Evaluation.Prediction p : evaluation.predictions()) {
        csv.print(p.xray().id());
        csv.print(p.xray().patient());
        csv.print(p.xray().finding());
        for (double probability : p.probabilities()) {
          csv.print(probability);
        }
        csv.print(p.positive() ? task.positiveClass() : task.classes().get(0));
        csv.println();
      }
    }
  }
}
