package dev.cxr.reproduction.results;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Published metrics and goals: {@code reports.json} beside this class.
 *
 * @param dataset what the evaluated images are
 * @param reports one per built-in recipe
 * @param goals on the test split
 * @param attempts what was tried to reach them
 */
record PublishedReports(
    String dataset, List<Report> reports, List<Goal> goals, List<Attempts> attempts) {

  /**
   * The report that a recipe follows.
   *
   * @param source who published it
   * @param protocol how its metrics were measured
   * @param reported its metrics, by the names of {@link StoredResult#METRICS}
   * @param remark what a reader of our metrics should know; null if nothing
   * @param changeReason why an earlier version of the recipe was given up; null if there was none
   * @param notRunReason why the recipe was not run; null if it can be
   */
  record Report(
      String recipe,
      String source,
      String protocol,
      Map<String, Double> reported,
      @Nullable String remark,
      @Nullable String changeReason,
      @Nullable String notRunReason) {}

  /** A goal for the uncalibrated bundles of a recipe, or for those calibrated on a site. */
  record Goal(String recipe, String metric, boolean calibrated, double atLeast) {}

  /** What was tried to reach the goals of a recipe, as phrases. */
  record Attempts(String recipe, List<String> attempts) {}

  static PublishedReports read() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(PublishedReports.class.getResourceAsStream("reports.json"));
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, PublishedReports.class);
    }
  }

  /** The report of a recipe; an empty one if the recipe is not built in. */
  Report of(String recipe) {
    return reports.stream()
        .filter(report -> report.recipe().equals(recipe))
        .findFirst()
        .orElseGet(
            () ->
                new Report(
                    recipe, "none, a recipe that is not built in", "", Map.of(), null, null, null));
  }
}
