package dev.cxr.train.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The same recipe with one seed after another, and how far the results spread.
 *
 * <pre>
 * OUT/recipe.yaml, run.json   as in a run folder
 * OUT/seed-1/, seed-2/, …     a run folder each
 * OUT/seeds.csv               each validation figure: mean, standard deviation, and every seed's
 * </pre>
 */
public final class MultiSeedRun {

  public static final String SUMMARY_FILE = "seeds.csv";

  private MultiSeedRun() {}

  /**
   * One figure over the seeds.
   *
   * @param name such as {@code auroc}
   * @param values in the order of the seeds
   */
  public record SeedSummary(String name, List<Double> values) {

    /** The mean. */
    double mean() {
      return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The standard deviation, with n - 1 as the divisor. */
    double standardDeviation() {
      double mean = mean();
      double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
      return Math.sqrt(squares / (values.size() - 1));
    }

    public String toText() {
      return String.format(
          Locale.ROOT,
          "  %-20s %8.4f  %8.4f   %.4f to %.4f",
          name,
          mean(),
          standardDeviation(),
          values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
          values.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }
  }

  /** Makes the folder of runs; {@link #resume} fills it. */
  public static void create(
      Recipes.ResolvedRecipe recipe, RunFolder.RunRequest request, Path target) throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      RunFolder.initialize(folder.path(), recipe, request);
      folder.commit();
    }
  }

  /**
   * Brings every seed's run to its end, whether it has begun or not, and compares them.
   *
   * @return the figures that every seed has
   * @throws StopSignal.StopRequestedException if it was told to stop, and has saved
   */
  public static List<SeedSummary> resume(
      Path folder, int seeds, DatasetLocation source, TrainingRun.RunOptions options)
      throws IOException {
    Recipes.ResolvedRecipe recipe = RunFolder.readRecipe(folder);
    Map<String, List<Double>> metrics = new LinkedHashMap<>();
    List<Long> seedValues = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      long seed = recipe.recipe().seed() + i;
      seedValues.add(seed);
      Path run = folder.resolve("seed-" + seed);
      System.out.printf("%nSeed %d, %d of %d%n", seed, i + 1, seeds);
      TrainingRuns.complete(
          run,
          Recipes.withOverrides(recipe, Map.of("seed", String.valueOf(seed))),
          source,
          options);
      Bundle bundle = Bundle.open(run.resolve(RunFolder.BUNDLE));
      JsonObject validation = bundle.manifest().validationMetrics().getAsJsonObject();
      validation.entrySet().forEach(entry -> addMetric(metrics, entry.getKey(), entry.getValue()));
    }
    List<SeedSummary> summaries =
        metrics.entrySet().stream()
            .filter(figure -> figure.getValue().size() == seeds)
            .map(figure -> new SeedSummary(figure.getKey(), figure.getValue()))
            .toList();
    write(folder.resolve(SUMMARY_FILE), seedValues, summaries);
    return summaries;
  }

  /** An undefined figure has a reason in place of a value. */
  private static void addMetric(
      Map<String, List<Double>> metrics, String name, JsonElement metric) {
    if (metric instanceof JsonObject defined && defined.has("value")) {
      metrics
          .computeIfAbsent(name, first -> new ArrayList<>())
          .add(defined.get("value").getAsDouble());
    }
  }

  private static void write(Path file, List<Long> seeds, List<SeedSummary> summaries)
      throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(text, format)) {
      List<Object> header = new ArrayList<>(List.of("figure", "mean", "standard_deviation"));
      seeds.forEach(seed -> header.add("seed_" + seed));
      csv.printRecord(header);
      for (SeedSummary spread : summaries) {
        List<Object> row = new ArrayList<>();
        row.add(spread.name());
        row.add(spread.mean());
        row.add(spread.standardDeviation());
        row.addAll(spread.values());
        csv.printRecord(row);
      }
    }
    AtomicFile.write(file, aside -> Files.writeString(aside, text));
  }
}
