package dev.cxr.eval.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonSerializer;
import dev.cxr.eval.evaluation.DataSheet;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.evaluation.ExampleCases;
import dev.cxr.eval.evaluation.LeakageAudit;
import dev.cxr.eval.evaluation.MetricsJson;
import dev.cxr.eval.prediction.ParallelInference;
import dev.cxr.eval.prediction.PredictionFile;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.SiteCalibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes the files of an evaluation: page, metrics and predictions. */
public final class EvaluationWriter {

  /** Writes all JSON files of this module. */
  public static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .registerTypeHierarchyAdapter(
              Optional.class,
              (JsonSerializer<Optional<?>>)
                  (value, type, context) ->
                      value.isPresent() ? context.serialize(value.get()) : JsonNull.INSTANCE)
          .create();

  private EvaluationWriter() {}

  /** The content of metrics.json, as documented in the module's README. */
  private record MetricsFile(
      int schemaVersion,
      String disclaimer,
      BundleInfo bundle,
      DatasetInfo data,
      String positiveClass,
      EvaluationSettings settings,
      EvaluationMetrics metrics,
      ExampleCases cases,
      Optional<LeakageAudit> leakage,
      DataSheet dataSheet) {}

  private record BundleInfo(
      String id,
      String name,
      boolean trainedOnSyntheticSample,
      @Nullable SiteCalibration calibration) {}

  private record DatasetInfo(
      String name,
      boolean synthetic,
      String split,
      int images,
      long patients,
      String developmentDataset,
      int validationImages,
      boolean validationMatchesBundle,
      String fingerprint,
      List<String> notices) {}

  /**
   * Writes {@code report.html}, {@code metrics.json} and {@code predictions.csv}.
   *
   * @param evaluation the evaluation
   * @param folder an existing folder
   * @throws IOException if a file cannot be written
   */
  public static void write(Evaluation evaluation, Path folder) throws IOException {
    CompletableFuture<String> page = // in parallel with the other files
        CompletableFuture.supplyAsync(() -> EvaluationPage.of(evaluation));
    Files.writeString(folder.resolve("metrics.json"), GSON.toJson(metrics(evaluation)) + "\n");
    EvaluationSettings settings = evaluation.settings();
    PredictionFile.write(
        settings.task(),
        settings.threshold(),
        evaluation.evaluatedPredictions(),
        evaluation.otherValidationPredictions(),
        folder.resolve("predictions.csv"));
    Files.writeString(folder.resolve("report.html"), ParallelInference.getResult(page));
  }

  private static MetricsFile metrics(Evaluation e) {
    Manifest manifest = e.bundle().manifest();
    return new MetricsFile(
        MetricsJson.SCHEMA_VERSION,
        "Research software, not a medical device.",
        new BundleInfo(
            e.bundle().id(), manifest.name(), manifest.data().synthetic(), manifest.calibration()),
        new DatasetInfo(
            e.data().name(),
            e.data().synthetic(),
            e.split().toString(),
            e.evaluatedPredictions().size(),
            e.patients(),
            e.developmentDataset().orElse(e.data().name()),
            e.validationPredictions().size(),
            e.validationMatchesBundle(),
            e.fingerprint(),
            e.data().notices()),
        manifest.positiveClass(),
        e.settings(),
        e.metrics(),
        e.cases().cases(),
        e.leakage(),
        e.dataSheet());
  }
}
