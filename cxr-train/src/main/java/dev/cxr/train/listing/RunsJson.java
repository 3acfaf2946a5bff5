package dev.cxr.train.listing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.models.bundle.RecipeDifference;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder of runs as JSON, which the module's README documents. */
public final class RunsJson {

  private static final int SCHEMA_VERSION = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private RunsJson() {}

  private record Document(
      int schemaVersion,
      String disclaimer,
      String folder,
      List<Run> runs,
      List<String> trainings,
      List<RecipeDifference> recipeDifferences,
      List<Evaluation> evaluations,
      List<Bundle> bundles,
      List<RunsFolder.OtherResult> others,
      List<RunsFolder.SkippedFolder> skipped) {}

  private record Run(
      String name,
      String status,
      String started,
      @Nullable String ended,
      double seconds,
      String dataset,
      String recipe,
      String task,
      String architecture,
      long seed,
      int epochs,
      int maxEpochs,
      @Nullable Integer bestEpoch,
      @Nullable String bundle,
      Map<String, Metric> validationMetrics,
      @Nullable String testEvaluation,
      Map<String, Metric> testMetrics,
      List<String> innerRuns,
      @Nullable String resume) {}

  private record Metric(
      @Nullable Double value,
      @Nullable Long n,
      @Nullable Interval interval,
      @Nullable String reason) {}

  private record Evaluation(
      String name,
      String kind,
      String written,
      String dataset,
      String split,
      int images,
      List<EvaluatedBundle> bundles) {}

  private record EvaluatedBundle(
      String id,
      String model,
      @Nullable String run,
      String thresholdRule,
      Map<String, Metric> metrics) {}

  private record Bundle(
      String name,
      String id,
      String model,
      String architecture,
      String dataset,
      Map<String, Metric> validationMetrics,
      @Nullable String testEvaluation,
      Map<String, Metric> testMetrics) {}

  /**
   * Formats a folder.
   *
   * @param folder the folder
   * @return JSON of schema version {@value #SCHEMA_VERSION}
   */
  public static String format(RunsFolder folder) {
    return GSON.toJson(
            new Document(
                SCHEMA_VERSION,
                "Research software, not a medical device.",
                folder.path().toString(),
                folder.runs().stream().map(run -> run(folder, run)).toList(),
                folder.trainings().stream().map(RunSummary::name).toList(),
                folder.differences(),
                folder.evaluations().stream().map(e -> evaluation(folder, e)).toList(),
                folder.bundles().stream().map(bundle -> bundle(folder, bundle)).toList(),
                folder.others(),
                folder.skipped()))
        + "\n";
  }

  private static Run run(RunsFolder folder, RunSummary run) {
    Optional<RunsFolder.TestMetrics> test = run.bundle().flatMap(folder::test);
    return new Run(
        run.name(),
        run.status().toString(),
        run.started().toString(),
        run.ended().map(Instant::toString).orElse(null),
        run.seconds(),
        run.dataset(),
        run.overview().name(),
        run.overview().task(),
        run.overview().architecture(),
        run.overview().seed(),
        run.history().size(),
        run.overview().epochs(),
        run.bestEpoch().isPresent() ? run.bestEpoch().getAsInt() : null,
        run.bundle().map(BundleSummary::id).orElse(null),
        metrics(run.validationMetrics()),
        test.map(RunsFolder.TestMetrics::evaluation).orElse(null),
        metrics(test.map(RunsFolder.TestMetrics::metrics).orElse(Map.of())),
        run.innerRuns().stream().map(RunSummary::name).toList(),
        run.resumeCommand().orElse(null));
  }

  private static Evaluation evaluation(RunsFolder folder, EvaluationSummary evaluation) {
    return new Evaluation(
        evaluation.name(),
        evaluation.kind().toString(),
        evaluation.written().toString(),
        evaluation.dataset(),
        evaluation.split(),
        evaluation.images(),
        evaluation.bundles().stream()
            .map(
                bundle ->
                    new EvaluatedBundle(
                        bundle.id(),
                        bundle.model(),
                        folder.ownerOf(bundle.id()).orElse(null),
                        bundle.thresholdRule(),
                        metrics(bundle.metrics())))
            .toList());
  }

  private static Bundle bundle(RunsFolder folder, BundleSummary bundle) {
    Optional<RunsFolder.TestMetrics> test = folder.test(bundle);
    return new Bundle(
        bundle.name(),
        bundle.id(),
        bundle.model(),
        bundle.architecture(),
        bundle.dataset(),
        metrics(bundle.validationMetrics()),
        test.map(RunsFolder.TestMetrics::evaluation).orElse(null),
        metrics(test.map(RunsFolder.TestMetrics::metrics).orElse(Map.of())));
  }

  private static Map<String, Metric> metrics(Map<RunMetric, Estimate> metrics) {
    Map<String, Metric> byKey = new LinkedHashMap<>();
    metrics.forEach((metric, estimate) -> byKey.put(metric.key(), metric(estimate)));
    return byKey;
  }

  private static Metric metric(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined
        ? new Metric(defined.value(), defined.n(), defined.bestInterval(), null)
        : new Metric(null, null, null, ((Estimate.Undefined) estimate).reason());
  }
}
