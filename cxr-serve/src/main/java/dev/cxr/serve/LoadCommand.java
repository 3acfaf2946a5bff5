package dev.cxr.serve;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.serve.folder.Pictures;
import dev.cxr.serve.load.LoadReport;
import dev.cxr.serve.load.LoadReportFiles;
import dev.cxr.serve.load.LoadTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a server. */
@Command(
    name = "load",
    description = {
      "Ask a server, this one or any DJL Serving, with many clients; check every answer; write what"
          + " was measured as HTML and JSON.",
      "Each picture is asked alone first: later answers must be the same. Exit code 1 if any was"
          + " not, or failed; a 503 is a refusal and no failure."
    })
final class LoadCommand implements Callable<Integer> {

  private static final int MOST_PICTURES = 64;
  private static final long LARGEST_FILE = 16 << 20;

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "What to ask, such as http://127.0.0.1:8080/predictions/binary.")
  private URI url = URI.create("");

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "Pictures to send in turn, the first 64 (default: drawn ones).")
  private List<Path> inputs = List.of();

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "16",
      description = "How many ask at a time, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long, 1 to 3600 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Send so many a second, whatever comes back; a late one counts from when it was due."
              + " 0: each client waits for its answer (default).")
  private double rate;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "A new folder for the report (default: the next free runs/load-NNN).")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws IOException, InterruptedException {
    require(
        url.getHost() != null && "http".equals(url.getScheme()), "an http address", "--url", url);
    require(clients >= 1 && clients <= 1000, "1 to 1000", "--clients", clients);
    require(seconds >= 1 && seconds <= 3600, "1 to 3600", "--seconds", seconds);
    require(rate >= 0 && rate <= 100_000, "0 to 100000", "--rate", rate);
    Path target = out.isPresent() ? out.get() : AtomicFolder.nextFree(Path.of("runs", "load"));
    List<byte[]> pictures = inputs.isEmpty() ? drawn() : read();
    System.out.printf(
        "Asking %s with %d %s for %d s%n",
        url, clients, clients == 1 ? "client" : "clients", seconds);
    LoadReport report =
        new LoadTest(url, pictures, clients, Duration.ofSeconds(seconds), rate).run();
    print(report);
    LoadReportFiles.write(report, target);
    System.out.println("Written: " + target.resolve("report.html"));
    System.out.println("         " + target.resolve("load.json"));
    return report.isClean() ? 0 : 1;
  }

  private static void require(boolean holds, String expected, String option, Object found) {
    if (!holds) {
      throw UserErrorException.ofUsage(
          "%s for %s".formatted(expected, option), String.valueOf(found), "Choose one of those.");
    }
  }

  private static void print(LoadReport report) {
    System.out.printf(
        Locale.ROOT,
        """

          right answers %10d      %.1f/s
          refused (503) %10d
          wrong         %10d
          failed        %10d      %s
          latency        p50 %.1f ms   p95 %.1f ms   p99 %.1f ms   max %.1f ms

        """,
        report.answered(),
        report.answersPerSecond(),
        report.refused(),
        report.wrong(),
        report.errors().values().stream().mapToLong(Long::longValue).sum(),
        report.errors().isEmpty() ? "" : report.errors(),
        report.latency().p50(),
        report.latency().p95(),
        report.latency().p99(),
        report.latency().max());
  }

  private List<byte[]> read() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (Pictures.Picture picture :
        Pictures.in(inputs).files().stream().limit(MOST_PICTURES).toList()) {
      require(
          Files.size(picture.path()) <= LARGEST_FILE,
          "pictures of at most 16 MiB",
          "--input",
          picture.path());
      files.add(Files.readAllBytes(picture.path()));
    }
    return files;
  }

  private static List<byte[]> drawn() throws IOException {
    Path scratch = Files.createTempFile("cxr-load", ".png");
    try {
      List<byte[]> files = new ArrayList<>();
      List<Xray> xrays =
          DatasetIndex.open(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
      for (Xray xray : xrays.subList(0, 16)) {
        PngEncoder.write(xray.source().read(), scratch);
        files.add(Files.readAllBytes(scratch));
      }
      return files;
    } finally {
      Files.delete(scratch);
    }
  }
}
