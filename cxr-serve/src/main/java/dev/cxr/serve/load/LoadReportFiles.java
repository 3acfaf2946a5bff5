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
public final class LoadReportFiles {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private LoadReportFiles() {}

  /** A line of the report's tables; a bar shows its share of the longest. */
  private record Row(String what, String value, double percent) {}

  private record View(
      String url, String verdict, boolean clean, List<Row> counts, List<Row> latencies) {}

  /** Writes both into a new folder, whole or not at all. */
  public static void write(LoadReport report, Path folder) throws IOException {
    try (AtomicFolder files = AtomicFolder.create(folder)) {
      Files.writeString(files.path().resolve("load.json"), GSON.toJson(report) + "\n");
      Files.writeString(
          files.path().resolve("report.html"),
          HtmlPage.render(LoadReportFiles.class, "load", view(report)));
      files.commit();
    }
  }

  private static View view(LoadReport report) {
    List<Row> counts = new ArrayList<>();
    counts.add(count("clients", report.clients()));
    counts.add(
        new Row(
            "sent",
            report.requestsPerSecond() > 0
                ? text("%.1f a second, whatever came back", report.requestsPerSecond())
                : "as fast as answers came",
            0));
    counts.add(new Row("time", text("%.1f s", report.seconds()), 0));
    counts.add(count("different pictures", report.pictures()));
    counts.add(count("right answers", report.answered()));
    counts.add(new Row("right answers a second", text("%.1f", report.answersPerSecond()), 0));
    counts.add(count("refused with 503", report.refused()));
    counts.add(count("wrong answers", report.wrong()));
    report.errors().forEach((what, number) -> counts.add(count("failed: " + what, number)));
    LoadReport.Latency latency = report.latency();
    List<Row> latencies =
        List.of(
            row("half of the answers (p50)", latency.p50(), latency.max()),
            row("95 of 100 (p95)", latency.p95(), latency.max()),
            row("99 of 100 (p99)", latency.p99(), latency.max()),
            row("the slowest", latency.max(), latency.max()));
    String verdict =
        report.isClean()
            ? "Every answer was checked, and right."
            : "Not every answer was right: see below.";
    return new View(report.url(), verdict, report.isClean(), counts, latencies);
  }

  private static Row count(String what, long number) {
    return new Row(what, String.valueOf(number), 0);
  }

  private static Row row(String what, double millis, double longest) {
    return new Row(what, text("%.1f ms", millis), longest > 0 ? 100 * millis / longest : 0);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
