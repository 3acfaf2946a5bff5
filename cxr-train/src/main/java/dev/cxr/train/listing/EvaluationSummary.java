package dev.cxr.train.listing;

import com.google.gson.JsonObject;
import dev.cxr.data.index.Split;
import dev.cxr.eval.evaluation.MetricsJson;
import dev.cxr.eval.metrics.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An evaluation, or a comparison of several bundles.
 *
 * @param name its path below the folder of runs
 * @param folder its folder
 * @param kind one bundle or several
 * @param written when its metrics were written
 * @param dataset the name of the evaluated dataset
 * @param split the evaluated split
 * @param images number of evaluated images
 * @param bundles the evaluated bundles
 */
public record EvaluationSummary(
    String name,
    Path folder,
    Kind kind,
    Instant written,
    String dataset,
    String split,
    int images,
    List<EvaluatedBundle> bundles) {

  static final String METRICS = "metrics.json";
  static final String COMPARISON = "comparison.json";
  private static final int COMPARISON_VERSION = 2;

  /** Which command wrote it. */
  public enum Kind {
    /** The command {@code evaluate}. */
    EVALUATION,
    /** The command {@code compare}. */
    COMPARISON;

    /** {@return the word for JSON} */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The metrics of one bundle.
   *
   * @param id of the bundle
   * @param model the name of the model
   * @param thresholdRule how its threshold was chosen
   * @param metrics on the evaluated images
   */
  public record EvaluatedBundle(
      String id, String model, String thresholdRule, Map<RunMetric, Estimate> metrics) {}

  static EvaluationSummary readEvaluation(Path folder, String name) throws IOException {
    Path path = folder.resolve(METRICS);
    ResultFile file = new ResultFile(path, MetricsJson.read(path));
    return read(
        file,
        Kind.EVALUATION,
        name,
        List.of(
            evaluated(
                file,
                file.object(file.root(), "bundle"),
                file.object(file.root(), "settings"),
                file.object(file.root(), "metrics"))));
  }

  static EvaluationSummary readComparison(Path folder, String name) throws IOException {
    ResultFile file = ResultFile.read(folder.resolve(COMPARISON));
    file.requireVersion(COMPARISON_VERSION);
    List<JsonObject> bundles = file.objects(file.root(), "bundles");
    List<JsonObject> models = file.objects(file.object(file.root(), "comparison"), "models");
    return read(
        file,
        Kind.COMPARISON,
        name,
        IntStream.range(0, Math.min(bundles.size(), models.size()))
            .mapToObj(
                i ->
                    evaluated(
                        file,
                        bundles.get(i),
                        file.object(models.get(i), "settings"),
                        models.get(i)))
            .toList());
  }

  private static EvaluatedBundle evaluated(
      ResultFile file, JsonObject bundle, JsonObject settings, JsonObject metrics) {
    return new EvaluatedBundle(
        file.text(bundle, "id"),
        file.text(bundle, "name"),
        file.text(settings, "thresholdRule"),
        RunMetric.ofEvaluation(metrics));
  }

  private static EvaluationSummary read(
      ResultFile file, Kind kind, String name, List<EvaluatedBundle> bundles) throws IOException {
    JsonObject data = file.object(file.root(), "data");
    return new EvaluationSummary(
        name,
        file.file().resolveSibling(""),
        kind,
        Files.getLastModifiedTime(file.file()).toInstant(),
        file.text(data, "name"),
        file.text(data, "split"),
        (int) file.number(data, "images"),
        bundles);
  }

  /** The metrics of a bundle, if it was evaluated on the test split of a dataset. */
  Optional<EvaluatedBundle> test(String id, String testDataset) {
    return split.equals(Split.TEST.toString()) && dataset.equals(testDataset)
        ? bundles.stream().filter(bundle -> bundle.id().equals(id)).findFirst()
        : Optional.empty();
  }
}
