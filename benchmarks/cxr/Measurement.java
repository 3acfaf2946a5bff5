package dev.cxr.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import picocli.CommandLine.Option;

/** Times predictions of the images that {@link WeightsCommand} wrote, in batches of each size. */
final class Measurement {

  @Option(
      names = "--batch-sizes",
      paramLabel = "N",
      split = ",",
      required = true,
      description = "Such as 1,8,32; measured one after the other.")
  private List<Integer> batchSizes = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      required = true,
      description = "Least duration of each measurement.")
  private double minSeconds;

  /** Predicts a batch that stays in memory. */
  interface Predictor {
    double[][] predict();
  }

  /**
   * Compares the probabilities with the expected ones and measures the speed.
   *
   * @param expected probabilities of all images
   * @param predictors of the first images, by their number
   * @return JSON
   */
  String run(double[][] expected, IntFunction<Predictor> predictors) throws IOException {
    double largestDifference = 0;
    List<String> batches = new ArrayList<>();
    for (int size : batchSizes) {
      Predictor predictor = predictors.apply(size);
      double[][] found = predictor.predict();
      for (int i = 0; i < size; i++) {
        for (int c = 0; c < found[i].length; c++) {
          double difference = Math.abs(found[i][c] - expected[i][c]);
          largestDifference = Math.max(largestDifference, difference); // keeps NaN
        }
      }
      double seconds = Timing.secondsPerCall(predictor::predict, minSeconds);
      batches.add(
          String.format(
              Locale.ROOT,
              "{\"batchSize\": %d, \"imagesPerSecond\": %.4f, \"peakMebibytes\": %d}",
              size,
              size / seconds,
              peakMebibytes()));
    }
    return String.format(
        Locale.ROOT,
        "{\"maxDifference\": %s, \"batches\": [%s]}",
        largestDifference,
        String.join(", ", batches));
  }

  private static long peakMebibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
  }
}
