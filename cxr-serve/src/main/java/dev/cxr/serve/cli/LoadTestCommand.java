package dev.cxr.serve.cli;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.serve.folder.ImageInputs;
import dev.cxr.serve.load.LoadGenerator;
import dev.cxr.serve.load.LoadTestReport;
import dev.cxr.serve.load.LoadTestReportWriter;
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
public final class LoadTestCommand implements Callable<Integer> {

  private static final int MAX_IMAGES = 64;
  private static final long MAX_FILE_BYTES = 16 << 20;

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
  private double requestsPerSecond;

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
    require(
        requestsPerSecond >= 0 && requestsPerSecond <= 100_000,
        "0 to 100000",
        "--rate",
        requestsPerSecond);
    Path target = out.isPresent() ? out.get() : AtomicFolder.nextFree(Path.of("runs", "load"));
    List<byte[]> images = inputs.isEmpty() ? syntheticImages() : readImages();
    System.out.printf(
        "Asking %s with %d %s for %d s%n",
        url, clients, clients == 1 ? "client" : "clients", seconds);
    LoadTestReport report =
        new LoadGenerator(url, images, clients, Duration.ofSeconds(seconds), requestsPerSecond)
            .run();
    print(report);
    LoadTestReportWriter.write(report, target);
    System.out.println("Written: " + target.resolve("report.html"));
    System.out.println("         " + target.resolve("load.json"));
    return report.isClean() ? 0 : 1;
  }

  private static void require(boolean isValid, String expected, String option, Object found) {
    if (!isValid) {
      throw UserErrorException.ofUsage(
          "%s for %s".formatted(expected, option), String.valueOf(found), "Choose one of those.");
    }
  }

  private static void print(LoadTestReport report) {
    System.out.printf(
        Locale.ROOT,
        """

          right answers %10d      %.1f/s
          refused (503) %10d
          wrong         %10d
          failed        %10d      %s
          latency        p50 %.1f ms   p95 %.1f ms   p99 %.1f ms   max %.1f ms

        """,
        report.correct(),
        report.correctPerSecond(),
        report.rejected(),
        report.incorrect(),
        report.errors().values().stream().mapToLong(Long::longValue).sum(),
        report.errors().isEmpty() ? "" : report.errors(),
        report.latency().p50(),
        report.latency().p95(),
        report.latency().p99(),
        report.latency().max());
  }

  private List<byte[]> readImages() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (ImageInputs.InputImage image :
        ImageInputs.find(inputs).files().stream().limit(MAX_IMAGES).toList()) {
      require(
          Files.size(image.path()) <= MAX_FILE_BYTES,
          "pictures of at most 16 MiB",
          "--input",
          image.path());
      files.add(Files.readAllBytes(image.path()));
    }
    return files;
  }

  private static List<byte[]> syntheticImages() throws IOException {
    Path tempFile = Files.createTempFile("cxr-load", ".png");
    try {
      List<byte[]> files = new ArrayList<>();
      List<Xray> xrays =
          DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
      for (Xray xray : xrays.subList(0, 16)) {
        PngEncoder.write(xray.source().read(), tempFile);
        files.add(Files.readAllBytes(tempFile));
      }
      return files;
    } finally {
      Files.delete(tempFile);
    }
  }
}
