package dev.cxr.train;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.models.bundle.Bundle;
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
final class SeveralSeeds {

  static final String FIGURES = "seeds.csv";

  private SeveralSeeds() {}

  /**
   * One figure over the seeds.
   *
   * @param name such as {@code auroc}
   * @param values in the order of the seeds
   */
  record Spread(String name, List<Double> values) {

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

    String line() {
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

  /** Makes the folder of runs; {@link #goOn} fills it. */
  static void begin(Recipes.Resolved recipe, RunFolder.Order order, Path target)
      throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      RunFolder.begin(folder.path(), recipe, order);
      folder.commit();
    }
  }

  /**
   * Brings every seed's run to its end, whether it has begun or not, and compares them.
   *
   * @return the figures that every seed has
   * @throws StopSignal.Given if it was told to stop, and has saved
   */
  static List<Spread> goOn(Path folder, int seeds, Source source, Run.Care care)
      throws IOException {
    Recipes.Resolved recipe = RunFolder.recipe(folder);
    Map<String, List<Double>> figures = new LinkedHashMap<>();
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      long seed = recipe.recipe().seed() + i;
      all.add(seed);
      Path run = folder.resolve("seed-" + seed);
      System.out.printf("%nSeed %d, %d of %d%n", seed, i + 1, seeds);
      Runs.bringToItsEnd(
          run, Recipes.changed(recipe, Map.of("seed", String.valueOf(seed))), source, care);
      Bundle bundle = Bundle.open(run.resolve(RunFolder.BUNDLE));
      JsonObject validation = bundle.manifest().validationMetrics().getAsJsonObject();
      validation.entrySet().forEach(entry -> add(figures, entry.getKey(), entry.getValue()));
    }
    List<Spread> spreads =
        figures.entrySet().stream()
            .filter(figure -> figure.getValue().size() == seeds)
            .map(figure -> new Spread(figure.getKey(), figure.getValue()))
            .toList();
    write(folder.resolve(FIGURES), all, spreads);
    return spreads;
  }

  /** An undefined figure has a reason in place of a value. */
  private static void add(Map<String, List<Double>> figures, String name, JsonElement figure) {
    if (figure instanceof JsonObject defined && defined.has("value")) {
      figures
          .computeIfAbsent(name, first -> new ArrayList<>())
          .add(defined.get("value").getAsDouble());
    }
  }

  private static void write(Path file, List<Long> seeds, List<Spread> spreads) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(text, format)) {
      List<Object> header = new ArrayList<>(List.of("figure", "mean", "standard_deviation"));
      seeds.forEach(seed -> header.add("seed_" + seed));
      csv.printRecord(header);
      for (Spread spread : spreads) {
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
