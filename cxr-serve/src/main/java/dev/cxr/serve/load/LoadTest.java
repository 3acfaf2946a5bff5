package dev.cxr.serve.load;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.serve.load.LoadReport.Latency;
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
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Asks a server with many clients for some time and checks every answer.
 *
 * <p>Without a rate each client sends its next request when it has its answer. With one, requests
 * are due at even times whatever comes back, and a late one counts from when it was due: a slow
 * server cannot slow down those who measure it.
 */
public final class LoadTest {

  private static final double TOLERANCE = 1e-4;
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final long LONGEST_MICROS = LONGEST.toNanos() / 1_000 * 2;
  private static final int DIGITS = 3;

  private final URI address;
  private final List<byte[]> pictures;
  private final int clients;
  private final Duration duration;
  private final double perSecond;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final ConcurrentHistogram right = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  private final ConcurrentHistogram refusals = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  private final LongAdder wrong = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();

  /**
   * Decides what to ask.
   *
   * @param address such as {@code http://127.0.0.1:8080/predictions/binary}
   * @param pictures image files, sent in turn
   * @param clients how many requests are on their way at most
   * @param perSecond how many are sent a second, whatever comes back; 0 to send one when the one
   *     before is answered
   */
  public LoadTest(
      URI address, List<byte[]> pictures, int clients, Duration duration, double perSecond) {
    this.address = address;
    this.pictures = List.copyOf(pictures);
    this.clients = clients;
    this.duration = duration;
    this.perSecond = perSecond;
  }

  /** What a picture is, by class name. */
  private record Probabilities(Map<String, Double> byClass) {

    boolean agreesWith(Probabilities other) {
      return byClass.keySet().equals(other.byClass.keySet())
          && byClass.entrySet().stream()
              .allMatch(
                  e ->
                      Math.abs(e.getValue() - other.byClass.getOrDefault(e.getKey(), Double.NaN))
                          <= TOLERANCE);
    }
  }

  /**
   * Asks for each picture once, alone, then with all clients.
   *
   * @throws UserErrorException if the server cannot be reached or does not answer a picture that is
   *     sent alone
   */
  public LoadReport run() throws IOException, InterruptedException {
    List<Probabilities> expected = new ArrayList<>();
    for (byte[] picture : pictures) {
      expected.add(askAlone(picture));
    }
    long began = System.nanoTime();
    long end = began + duration.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Thread thread = new Thread(() -> ask(expected, began, end), "client-" + i);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return report((System.nanoTime() - began) / 1e9);
  }

  private Probabilities askAlone(byte[] picture) throws IOException, InterruptedException {
    HttpResponse<String> answer;
    try {
      answer = http.send(request(picture), BodyHandlers.ofString());
    } catch (IOException e) {
      throw UserErrorException.of(
          "a server at " + address, "none (%s)".formatted(e), "Start it, or check --url.");
    }
    Optional<Probabilities> probabilities = probabilities(answer);
    return probabilities.orElseThrow(
        () ->
            UserErrorException.of(
                "a list of classes and probabilities from " + address,
                "status %d: %s".formatted(answer.statusCode(), shortened(answer.body())),
                "Check --url, and that the server takes the pictures."));
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  private void ask(List<Probabilities> expected, long began, long end) {
    while (true) {
      long number = sent.getAndIncrement();
      long due = perSecond > 0 ? began + (long) (number * 1e9 / perSecond) : System.nanoTime();
      if (due >= end) {
        return;
      }
      try {
        sleepUntil(due);
        int which = (int) (number % pictures.size());
        HttpResponse<String> answer =
            http.send(request(pictures.get(which)), BodyHandlers.ofString());
        long micros = Math.min((System.nanoTime() - due) / 1_000, LONGEST_MICROS);
        count(answer, expected.get(which), micros);
      } catch (IOException e) {
        error(e.getClass().getSimpleName());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private void count(HttpResponse<String> answer, Probabilities expected, long micros) {
    if (answer.statusCode() == 503) {
      refusals.recordValue(micros);
      return;
    }
    if (answer.statusCode() != 200) {
      error("status " + answer.statusCode());
      return;
    }
    Optional<Probabilities> found = probabilities(answer);
    if (found.isPresent() && found.get().agreesWith(expected)) {
      right.recordValue(micros);
    } else {
      wrong.increment();
    }
  }

  private void error(String what) {
    errors.computeIfAbsent(what, w -> new LongAdder()).increment();
  }

  private HttpRequest request(byte[] picture) {
    return HttpRequest.newBuilder(address)
        .timeout(LONGEST)
        .header("Content-Type", "application/octet-stream")
        .POST(BodyPublishers.ofByteArray(picture))
        .build();
  }

  /** Empty if it is no list of classes whose probabilities sum to 1. */
  private static Optional<Probabilities> probabilities(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      return Optional.empty();
    }
    Map<String, Double> byClass = new HashMap<>();
    try {
      for (JsonElement element : JsonParser.parseString(answer.body()).getAsJsonArray()) {
        JsonObject one = element.getAsJsonObject();
        byClass.put(one.get("className").getAsString(), one.get("probability").getAsDouble());
      }
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      return Optional.empty();
    }
    double sum = byClass.values().stream().mapToDouble(Double::doubleValue).sum();
    return Math.abs(sum - 1) <= 1e-3 ? Optional.of(new Probabilities(byClass)) : Optional.empty();
  }

  private LoadReport report(double seconds) {
    Map<String, Long> counted = new TreeMap<>();
    errors.forEach((what, count) -> counted.put(what, count.sum()));
    return new LoadReport(
        LoadReport.SCHEMA,
        address.toString(),
        clients,
        perSecond,
        seconds,
        pictures.size(),
        right.getTotalCount(),
        refusals.getTotalCount(),
        wrong.sum(),
        counted,
        right.getTotalCount() / seconds,
        latency(right),
        latency(refusals));
  }

  private static Latency latency(ConcurrentHistogram micros) {
    return new Latency(
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(95) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3);
  }
}
