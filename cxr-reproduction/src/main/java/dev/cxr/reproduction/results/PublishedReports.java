package dev.cxr.reproduction.results;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What others reported, and what was aimed at: {@code reports.json} beside this class.
 *
 * @param collection what the judged pictures are
 * @param reports one for each built-in recipe
 * @param goals on the judged split
 * @param tried what was done to reach them
 */
record PublishedReports(
    String collection, List<Report> reports, List<Goal> goals, List<Attempts> tried) {

  /** A report that holds no figure, or a recipe that follows none. */
  static final String NO_METRIC = "no figure";

  /**
   * The report that a recipe follows.
   *
   * @param source whose it is
   * @param protocol how its figures came about
   * @param reported its figures, by the names of {@link StoredResult#METRIC_ORDER}
   * @param remark what our figures need to be understood; null where they speak for themselves
   * @param changed why an earlier version of the recipe was given up; null if there was none
   * @param notRun why the recipe is not run; null where it can be
   */
  record Report(
      String recipe,
      String source,
      String protocol,
      Map<String, Double> reported,
      @Nullable String remark,
      @Nullable String changed,
      @Nullable String notRun) {

    String metricsText() {
      return reported.isEmpty()
          ? NO_METRIC
          : StoredResult.METRIC_ORDER.stream()
              .filter(reported::containsKey)
              .map(name -> StoredResult.displayName(name) + " " + metricText(name))
              .collect(Collectors.joining(", "));
    }

    String metricText(String name) {
      Double value = reported.get(name);
      return value == null ? "" : StoredMetric.number(value);
    }
  }

  /**
   * What was aimed at.
   *
   * @param protocol {@code plain} or {@code site}
   */
  record Goal(String recipe, String figure, String protocol, double atLeast) {

    boolean isPlain() {
      return protocol.toLowerCase(Locale.ROOT).equals("plain");
    }
  }

  /**
   * What was tried for the goals of a recipe.
   *
   * @param what phrases, in the order in which they are told
   */
  record Attempts(String recipe, List<String> what) {}

  static PublishedReports read() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(PublishedReports.class.getResourceAsStream("reports.json"));
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, PublishedReports.class);
    }
  }

  /** The report of a recipe; of one that is not built in none. */
  Report of(String recipe) {
    return reports.stream()
        .filter(report -> report.recipe().equals(recipe))
        .findFirst()
        .orElseGet(
            () ->
                new Report(
                    recipe,
                    "none, a recipe that is not built in",
                    "none",
                    Map.of(),
                    null,
                    null,
                    null));
  }
}
