package dev.cxr.eval;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonSerializer;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.evaluation.ExampleCases;
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

/** The files that an evaluation leaves: a page for people, figures and predictions for programs. */
final class EvaluationFiles {

  private static final int SCHEMA_VERSION = 2;
  static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .registerTypeHierarchyAdapter(
              Optional.class,
              (JsonSerializer<Optional<?>>)
                  (value, type, context) ->
                      value.isPresent() ? context.serialize(value.get()) : JsonNull.INSTANCE)
          .create();

  private EvaluationFiles() {}

  /** What metrics.json holds; the module's README documents it. */
  private record Metrics(
      int schemaVersion,
      String disclaimer,
      BundleId bundle,
      DataId data,
      String positiveClass,
      EvaluationSettings settings,
      EvaluationMetrics figures,
      ExampleCases cases,
      Optional<Leakage> leakage,
      DataSheet dataSheet) {}

  private record BundleId(
      String id,
      String name,
      boolean trainedOnSyntheticSample,
      @Nullable SiteCalibration calibration) {}

  private record DataId(
      String name,
      boolean synthetic,
      String split,
      int pictures,
      long patients,
      String developedOn,
      int validationPictures,
      boolean validationIsTheBundles,
      String fingerprint,
      List<String> notices) {}

  static void write(Evaluation evaluation, Path folder) throws IOException {
    CompletableFuture<String> page = // beside the other files
        CompletableFuture.supplyAsync(() -> EvaluationPage.of(evaluation));
    Files.writeString(folder.resolve("metrics.json"), GSON.toJson(metrics(evaluation)) + "\n");
    EvaluationSettings settings = evaluation.settings();
    PredictionFile.write(
        settings.task(),
        settings.threshold(),
        evaluation.predictions(),
        folder.resolve("predictions.csv"));
    Files.writeString(folder.resolve("report.html"), ParallelInference.getResult(page));
  }

  private static Metrics metrics(Evaluation e) {
    Manifest manifest = e.bundle().manifest();
    return new Metrics(
        SCHEMA_VERSION,
        "Research software, not a medical device.",
        new BundleId(
            e.bundle().id(), manifest.name(), manifest.data().synthetic(), manifest.calibration()),
        new DataId(
            e.data().name(),
            e.data().synthetic(),
            e.split().toString(),
            e.judged().size(),
            e.patients(),
            e.developedOn().orElse(e.data().name()),
            e.validation().size(),
            e.validationIsTheBundles(),
            e.fingerprint(),
            e.data().notices()),
        manifest.positiveClass(),
        e.settings(),
        e.figures(),
        e.cases().cases(),
        e.leakage(),
        e.sheet());
  }
}
