package dev.cxr.train.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The runs of one recipe with several seeds, and the spread of their results.
 *
 * <pre>
 * OUT/recipe.yaml, run.json   as in a run folder
 * OUT/seed-1/, seed-2/, …     run folders
 * OUT/seeds.csv               every validation metric: mean, standard deviation, value of each seed
 * </pre>
 */
public final class MultiSeedRun {

  /** Name of the table of all seeds. */
  public static final String SUMMARY_FILE = "seeds.csv";

  /** The greatest number of seeds of one run. */
  public static final int MAX_SEEDS = 1000;

  private MultiSeedRun() {}

  /**
   * One metric over the seeds.
   *
   * @param name such as {@code auroc}
   * @param values in the order of the seeds
   */
  public record MetricSummary(String name, List<Double> values) {

    private DoubleSummaryStatistics statistics() {
      return values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    }

    /** The mean. */
    double mean() {
      return statistics().getAverage();
    }

    /** The standard deviation, with n - 1 as the divisor. */
    double standardDeviation() {
      double mean = mean();
      double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
      return Math.sqrt(squares / (values.size() - 1));
    }

    /** {@return A table row: name, mean, standard deviation, range} */
    public String toText() {
      return String.format(
          Locale.ROOT,
          "  %-20s %8.4f  %8.4f   %.4f to %.4f",
          name,
          mean(),
          standardDeviation(),
          statistics().getMin(),
          statistics().getMax());
    }
  }

  /**
   * Starts or resumes the run of every seed and summarizes them.
   *
   * @param folder the run folder
   * @param seeds number of seeds
   * @param source location of the images
   * @param options of the training
   * @return the metrics that every seed has
   * @throws StopSignal.StopRequestedException if it was stopped, after saving
   * @throws IOException if a file cannot be read or written
   */
  public static List<MetricSummary> resume(
      Path folder, int seeds, DatasetLocation source, TrainingOptions options) throws IOException {
    try (RunFolder outer = new RunFolder(folder)) {
      return train(outer.path(), seeds, source, options);
    }
  }

  private static List<MetricSummary> train(
      Path folder, int seeds, DatasetLocation source, TrainingOptions options) throws IOException {
    Recipes.ResolvedRecipe recipe = RunFolder.readRecipe(folder);
    Map<String, List<Double>> metrics = new LinkedHashMap<>();
    List<Long> seedValues = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      long seed = recipe.recipe().seed() + i;
      seedValues.add(seed);
      Path run = seedFolder(folder, seed);
      options.listener().onMessage("Seed %d, %d of %d".formatted(seed, i + 1, seeds));
      TrainingLauncher.complete(
          run,
          Recipes.withOverrides(recipe, Map.of("seed", String.valueOf(seed))),
          source,
          options);
      Bundle bundle = Bundle.open(run.resolve(RunFolder.BUNDLE));
      JsonObject validation = bundle.manifest().validationMetrics().getAsJsonObject();
      validation.entrySet().forEach(entry -> addMetric(metrics, entry.getKey(), entry.getValue()));
    }
    List<MetricSummary> summaries =
        metrics.entrySet().stream()
            .filter(metric -> metric.getValue().size() == seeds)
            .map(metric -> new MetricSummary(metric.getKey(), metric.getValue()))
            .toList();
    write(folder.resolve(SUMMARY_FILE), seedValues, summaries);
    return summaries;
  }

  private static Path seedFolder(Path folder, long seed) {
    return folder.resolve("seed-" + seed);
  }

  /**
   * The runs inside a run folder, which need not exist yet: those of several seeds, or the steps of
   * a cascade.
   *
   * @param folder the run folder
   * @param recipe its recipe
   * @param seeds number of seeds
   * @return their folders in the order of training; none in the folder of a single run
   */
  public static List<Path> innerRuns(Path folder, Recipes.ResolvedRecipe recipe, int seeds) {
    if (seeds > 1) {
      return LongStream.range(0, Math.min(seeds, MAX_SEEDS))
          .mapToObj(i -> seedFolder(folder, recipe.recipe().seed() + i))
          .toList();
    }
    return recipe.recipe().cascade()
        ? CascadeRun.steps(folder, recipe).stream().map(CascadeRun.Step::folder).toList()
        : List.of();
  }

  /** An undefined metric has a reason in place of a value. */
  private static void addMetric(
      Map<String, List<Double>> metrics, String name, JsonElement metric) {
    if (metric instanceof JsonObject defined && defined.has("value")) {
      metrics
          .computeIfAbsent(name, first -> new ArrayList<>())
          .add(defined.get("value").getAsDouble());
    }
  }

  private static void write(Path file, List<Long> seeds, List<MetricSummary> summaries)
      throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(text, format)) {
      List<Object> header = new ArrayList<>(List.of("metric", "mean", "standard_deviation"));
      seeds.forEach(seed -> header.add("seed_" + seed));
      csv.printRecord(header);
      for (MetricSummary summary : summaries) {
        List<Object> row = new ArrayList<>();
        row.add(summary.name());
        row.add(summary.mean());
        row.add(summary.standardDeviation());
        row.addAll(summary.values());
        csv.printRecord(row);
      }
    }
    AtomicFile.write(file, temporary -> Files.writeString(temporary, text));
  }
}
