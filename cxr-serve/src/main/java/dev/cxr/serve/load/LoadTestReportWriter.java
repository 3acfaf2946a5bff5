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

/** {@code report.html} and {@code load.json} of a load test. */
public final class LoadTestReportWriter {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private LoadTestReportWriter() {}

  /** A line of the report's tables; a bar shows its share of the longest. */
  private record TableRow(String label, String value, double percent) {}

  private record View(
      String url, String verdict, boolean clean, List<TableRow> counts, List<TableRow> latencies) {}

  /** Writes both into a new folder, whole or not at all. */
  public static void write(LoadTestReport report, Path folder) throws IOException {
    try (AtomicFolder files = AtomicFolder.create(folder)) {
      Files.writeString(files.path().resolve("load.json"), GSON.toJson(report) + "\n");
      Files.writeString(
          files.path().resolve("report.html"),
          HtmlPage.render(LoadTestReportWriter.class, "load", view(report)));
      files.commit();
    }
  }

  private static View view(LoadTestReport report) {
    List<TableRow> counts = new ArrayList<>();
    counts.add(countRow("clients", report.clients()));
    counts.add(
        new TableRow(
            "sent",
            report.requestsPerSecond() > 0
                ? format("%.1f a second, whatever came back", report.requestsPerSecond())
                : "as fast as answers came",
            0));
    counts.add(new TableRow("time", format("%.1f s", report.seconds()), 0));
    counts.add(countRow("different pictures", report.images()));
    counts.add(countRow("right answers", report.correct()));
    counts.add(
        new TableRow("right answers a second", format("%.1f", report.correctPerSecond()), 0));
    counts.add(countRow("refused with 503", report.rejected()));
    counts.add(countRow("wrong answers", report.incorrect()));
    report.errors().forEach((what, number) -> counts.add(countRow("failed: " + what, number)));
    LoadTestReport.Latency latency = report.latency();
    List<TableRow> latencies =
        List.of(
            latencyRow("half of the answers (p50)", latency.p50(), latency.max()),
            latencyRow("95 of 100 (p95)", latency.p95(), latency.max()),
            latencyRow("99 of 100 (p99)", latency.p99(), latency.max()),
            latencyRow("the slowest", latency.max(), latency.max()));
    String verdict =
        report.isClean()
            ? "Every answer was checked, and right."
            : "Not every answer was right: see below.";
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
