package dev.cxr.serve.load;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.serve.load.LoadTestReport.Latency;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Sends requests with many clients for some time and checks every prediction.
 *
 * <p>Without a rate, each client sends its next request after its response. With a rate, requests
 * are due at fixed times and latency counts from then, so a slow server cannot hide its delays
 * (coordinated omission).
 */
public final class LoadGenerator {

  private static final double TOLERANCE = 1e-4;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final long MAX_LATENCY_MICROS = REQUEST_TIMEOUT.toNanos() / 1_000 * 2;
  private static final int HISTOGRAM_DIGITS = 3;

  private final URI url;
  private final List<byte[]> images;
  private final int clients;
  private final Duration duration;
  private final double requestsPerSecond;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final ConcurrentHistogram correctLatency =
      new ConcurrentHistogram(MAX_LATENCY_MICROS, HISTOGRAM_DIGITS);
  private final ConcurrentHistogram rejectionLatency =
      new ConcurrentHistogram(MAX_LATENCY_MICROS, HISTOGRAM_DIGITS);
  private final LongAdder incorrect = new LongAdder();
  private final Map<String, Long> errors = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();

  /**
   * Configures the test.
   *
   * @param url such as {@code http://127.0.0.1:8080/predictions/binary}
   * @param images contents of image files, sent in turn
   * @param clients maximum number of concurrent requests
   * @param duration of the test
   * @param requestsPerSecond fixed rate; 0 if each client waits for its responses
   */
  public LoadGenerator(
      URI url, List<byte[]> images, int clients, Duration duration, double requestsPerSecond) {
    this.url = url;
    this.images = List.copyOf(images);
    this.clients = clients;
    this.duration = duration;
    this.requestsPerSecond = requestsPerSecond;
  }

  /**
   * Sends each image once for the expected predictions, then starts all clients.
   *
   * @return counts and latencies
   * @throws UserErrorException if the server cannot be reached or does not predict an image
   * @throws IOException if reading a response fails
   * @throws InterruptedException if this thread is interrupted
   */
  public LoadTestReport run() throws IOException, InterruptedException {
    List<Map<String, Double>> expected = new ArrayList<>();
    for (byte[] image : images) {
      expected.add(predictAlone(image));
    }
    long startNanos = System.nanoTime();
    long endNanos = startNanos + duration.toNanos();
    ExecutorService executor = Executors.newFixedThreadPool(clients);
    for (int i = 0; i < clients; i++) {
      executor.execute(() -> sendRequests(expected, startNanos, endNanos));
    }
    executor.shutdown();
    executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    return report((System.nanoTime() - startNanos) / 1e9);
  }

  private Map<String, Double> predictAlone(byte[] image) throws IOException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = http.send(request(image), BodyHandlers.ofString());
    } catch (IOException e) {
      throw UserErrorException.of(
          "a server at " + url, "none (%s)".formatted(e), "Start the server, or check --url.");
    }
    Map<String, Double> probabilities = probabilities(response);
    if (probabilities.isEmpty()) {
      throw UserErrorException.of(
          "a list of classes and probabilities from " + url,
          "status %d: %.200s".formatted(response.statusCode(), response.body()),
          "Check --url, and that the server accepts these images.");
    }
    return probabilities;
  }

  private void sendRequests(List<Map<String, Double>> expected, long startNanos, long endNanos) {
    while (true) {
      long number = sent.getAndIncrement();
      long dueNanos =
          requestsPerSecond > 0
              ? startNanos + (long) (number * 1e9 / requestsPerSecond)
              : System.nanoTime();
      if (dueNanos >= endNanos) {
        return;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
        int index = (int) (number % images.size());
        HttpResponse<String> response =
            http.send(request(images.get(index)), BodyHandlers.ofString());
        long micros = Math.min((System.nanoTime() - dueNanos) / 1_000, MAX_LATENCY_MICROS);
        recordResponse(response, expected.get(index), micros);
      } catch (IOException e) {
        recordError(e.getClass().getSimpleName());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void recordResponse(
      HttpResponse<String> response, Map<String, Double> expected, long micros) {
    switch (response.statusCode()) {
      case 503 -> rejectionLatency.recordValue(micros);
      case 200 -> {
        if (isEqual(probabilities(response), expected)) {
          correctLatency.recordValue(micros);
        } else {
          incorrect.increment();
        }
      }
      default -> recordError("status " + response.statusCode());
    }
  }

  private static boolean isEqual(Map<String, Double> actual, Map<String, Double> expected) {
    return actual.keySet().equals(expected.keySet())
        && actual.entrySet().stream()
            .allMatch(
                entry ->
                    Math.abs(entry.getValue() - expected.getOrDefault(entry.getKey(), Double.NaN))
                        <= TOLERANCE);
  }

  private void recordError(String kind) {
    errors.merge(kind, 1L, Long::sum);
  }

  private HttpRequest request(byte[] image) {
    return HttpRequest.newBuilder(url)
        .timeout(REQUEST_TIMEOUT)
        .header("Content-Type", "application/octet-stream")
        .POST(BodyPublishers.ofByteArray(image))
        .build();
  }

  /** The probability of each class; none if the response is not a list of them that sum to 1. */
  private static Map<String, Double> probabilities(HttpResponse<String> response) {
    Map<String, Double> byClass = new HashMap<>();
    try {
      for (JsonElement element : JsonParser.parseString(response.body()).getAsJsonArray()) {
        JsonObject entry = element.getAsJsonObject();
        byClass.put(entry.get("className").getAsString(), entry.get("probability").getAsDouble());
      }
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      return Map.of();
    }
    double sum = byClass.values().stream().mapToDouble(Double::doubleValue).sum();
    return response.statusCode() == 200 && Math.abs(sum - 1) <= 1e-3 ? byClass : Map.of();
  }

  private LoadTestReport report(double seconds) {
    return new LoadTestReport(
        LoadTestReport.SCHEMA,
        url.toString(),
        clients,
        requestsPerSecond,
        seconds,
        images.size(),
        correctLatency.getTotalCount(),
        rejectionLatency.getTotalCount(),
        incorrect.sum(),
        new TreeMap<>(errors),
        correctLatency.getTotalCount() / seconds,
        latency(correctLatency),
        latency(rejectionLatency));
  }

  private static Latency latency(ConcurrentHistogram micros) {
    return new Latency(
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(95) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3);
  }
}
