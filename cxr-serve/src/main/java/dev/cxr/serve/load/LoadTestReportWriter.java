package dev.cxr.serve.load;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.html.HtmlPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes {@code report.html} and {@code load.json}. */
public final class LoadTestReportWriter {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private LoadTestReportWriter() {}

  /** A row of a table, with a bar of some percent of its width. */
  private record TableRow(String label, String value, double percent) {}

  private record View(
      String url, String verdict, boolean clean, List<TableRow> counts, List<TableRow> latencies) {}

  /**
   * Writes both files into a new folder, or nothing if that fails.
   *
   * @param report the result of the test
   * @param folder the new folder
   * @throws IOException if a file cannot be written
   */
  public static void write(LoadTestReport report, Path folder) throws IOException {
    try (AtomicFolder files = AtomicFolder.create(folder)) {
      Files.writeString(files.path().resolve("load.json"), GSON.toJson(report) + "\n");
      Files.writeString(
          files.path().resolve("report.html"),
          HtmlPage.render(LoadTestReportWriter.class, "load-test", view(report)));
      files.commit();
    }
  }

  private static View view(LoadTestReport report) {
    List<TableRow> counts = new ArrayList<>();
    counts.add(countRow("clients", report.clients()));
    counts.add(
        new TableRow(
            "rate",
            report.requestsPerSecond() > 0
                ? format("%.1f requests per second", report.requestsPerSecond())
                : "each client waits for its response",
            0));
    counts.add(new TableRow("duration", format("%.1f s", report.seconds()), 0));
    counts.add(countRow("different images", report.images()));
    counts.add(countRow("correct responses", report.correct()));
    counts.add(
        new TableRow("correct responses per second", format("%.1f", report.correctPerSecond()), 0));
    counts.add(countRow("rejected with status 503", report.rejected()));
    counts.add(countRow("incorrect predictions", report.incorrect()));
    report.errors().forEach((what, number) -> counts.add(countRow("failed: " + what, number)));
    LoadTestReport.Latency latency = report.latency();
    List<TableRow> latencies =
        List.of(
            latencyRow("median (p50)", latency.p50(), latency.max()),
            latencyRow("95th percentile (p95)", latency.p95(), latency.max()),
            latencyRow("99th percentile (p99)", latency.p99(), latency.max()),
            latencyRow("maximum", latency.max(), latency.max()));
    String verdict =
        report.isClean()
            ? "Every prediction was correct."
            : "Some responses were incorrect or failed: see below.";
    return new View(report.url(), verdict, report.isClean(), counts, latencies);
  }

  private static TableRow countRow(String label, long number) {
    return new TableRow(label, String.valueOf(number), 0);
  }

  private static TableRow latencyRow(String label, double millis, double longest) {
    return new TableRow(label, format("%.1f ms", millis), longest > 0 ? 100 * millis / longest : 0);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
