package dev.cxr.serve.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.FoundImages;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.serve.load.LoadGenerator;
import dev.cxr.serve.load.LoadTestReport;
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

/** Measures throughput and latency of a server. */
@Command(
    name = "load-test",
    description = {
      "Load a server with many clients, this one or any DJL Serving; check every prediction; print"
          + " throughput and latency, and write them as JSON.",
      "Each image is first sent alone; later predictions must be the same. Exit code 1 if any"
          + " differed or failed; status 503 is a rejection, not a failure."
    })
public final class LoadTestCommand implements Callable<Integer> {

  private static final int MAX_IMAGES = 64;
  private static final long MAX_FILE_BYTES = 16 << 20;

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "The URL of the predictions, such as http://127.0.0.1:8080/predictions/binary.")
  private URI url = URI.create("");

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "Images to send in turn, the first 64 of them (default: synthetic ones).")
  private List<Path> inputs = List.of();

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "16",
      description = "Number of concurrent clients, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "Duration in seconds, 1 to 3600 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Requests per second, at a fixed rate; latency counts from the time a request was due."
              + " 0: each client waits for its response (default).")
  private double requestsPerSecond;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "A new folder for the report (default: the next free runs/load-NNN).")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws IOException, InterruptedException {
    require(url.getHost() != null && "http".equals(url.getScheme()), "an http URL", "--url", url);
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
        "Load test of %s: %d %s, %d s%n",
        url, clients, clients == 1 ? "client" : "clients", seconds);
    LoadTestReport report =
        new LoadGenerator(url, images, clients, Duration.ofSeconds(seconds), requestsPerSecond)
            .run();
    print(report);
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      Files.writeString(folder.path().resolve("load.json"), report.toJson());
      folder.commit();
    }
    System.out.println("Written: " + target.resolve("load.json"));
    return report.isClean() ? 0 : 1;
  }

  private static void require(boolean isValid, String expected, String option, Object found) {
    if (!isValid) {
      throw UsageErrorException.of(
          "%s for %s".formatted(expected, option), String.valueOf(found), "Correct that option.");
    }
  }

  private static void print(LoadTestReport report) {
    System.out.printf(
        Locale.ROOT,
        """

          correct        %9d      %.1f/s
          rejected (503) %9d
          incorrect      %9d
          failed         %9d      %s
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
    FoundImages found = ImageFinder.find(inputs, Integer.MAX_VALUE, "--input");
    found.summary().ifPresent(System.out::println);
    for (FoundImage image : found.images().stream().limit(MAX_IMAGES).toList()) {
      Path file = image.path();
      require(Files.size(file) <= MAX_FILE_BYTES, "images of at most 16 MiB", "--input", file);
      files.add(Files.readAllBytes(file));
    }
    return files;
  }

  private static List<byte[]> syntheticImages() throws IOException {
    List<byte[]> files = new ArrayList<>();
    List<Xray> xrays =
        DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
    for (Xray xray : xrays.subList(0, 16)) {
      files.add(PngEncoder.encode(xray.source().read()));
    }
    return files;
  }
}
