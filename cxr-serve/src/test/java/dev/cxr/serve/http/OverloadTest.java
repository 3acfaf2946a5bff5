package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonParser;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.load.LoadGenerator;
import dev.cxr.serve.load.LoadTestReport;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.Soak;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverloadTest {

  @TempDir private Path scratch;

  private static final List<byte[]> IMAGES =
      List.of(TestImages.jpeg(0), TestImages.png(1), TestImages.dicom(2), TestImages.jpeg(3));

  /** Large enough to make the engine the bottleneck, as with real networks. */
  private static final RandomBundle LARGE_MODEL = RandomBundle.SMALL.withSide(Soak.choose(96, 224));

  @Test
  void rejectsExcessLoadAndServesTheRest() throws Exception {
    Duration time = Duration.ofSeconds(Soak.choose(3, 60));
    try (TestServer server = TestServer.start(scratch, LARGE_MODEL)) {
      var address = server.url("/predictions/random");
      new LoadGenerator(address, IMAGES, 16, Duration.ofSeconds(1), 0).run(); // warm
      LoadTestReport capacity = new LoadGenerator(address, IMAGES, 16, time, 0).run();
      double four = 4 * capacity.correctPerSecond();
      LoadTestReport overload = new LoadGenerator(address, IMAGES, 128, time, four).run();
      double ratio = overload.latency().p99() / capacity.latency().p99();
      System.out.printf(
          "capacity %.1f/s p50 %.1f p99 %.1f ms; at 4 times that %.1f/s p50 %.1f p99 %.1f ms"
              + " (ratio %.2f), %d rejected (p99 %.1f ms), %d incorrect, errors %s%n",
          capacity.correctPerSecond(),
          capacity.latency().p50(),
          capacity.latency().p99(),
          overload.correctPerSecond(),
          overload.latency().p50(),
          overload.latency().p99(),
          ratio,
          overload.rejected(),
          overload.rejectionLatency().p99(),
          overload.incorrect(),
          overload.errors());
      assertThat(capacity.isClean()).isTrue();
      assertThat(capacity.rejected()).as("16 clients fit").isZero();
      assertThat(overload.isClean()).isTrue();
      assertThat(overload.rejected()).isPositive();
      assertThat(overload.correct()).isPositive();
      assertThat(ratio).isLessThan(Soak.ENABLED ? 2 : 6);
    }
  }

  @Test
  void rejectionHasRetryAfterHeader() throws Exception {
    try (TestServer server =
        TestServer.start(scratch, new BatchSettings(1, Duration.ZERO, 1), LARGE_MODEL)) {
      HttpClient client = HttpClient.newHttpClient();
      var request =
          server
              .request("/predictions/random")
              .POST(BodyPublishers.ofByteArray(IMAGES.get(0)))
              .build();
      List<HttpResponse<String>> responses =
          IntStream.range(0, 40)
              .mapToObj(i -> client.sendAsync(request, BodyHandlers.ofString()))
              .toList()
              .stream()
              .map(response -> response.join())
              .toList();
      assertThat(responses).extracting(HttpResponse::statusCode).contains(200, 503);
      assertThat(responses)
          .filteredOn(response -> response.statusCode() == 503)
          .allSatisfy(
              response -> {
                assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(response.body())
                    .contains(
                        "WlmCapacityException", "Worker queue capacity exceeded for model: random");
              });
      assertThat(server.get("/metrics").body()).containsPattern("cxr_rejected_total.* [1-9]");
    }
  }

  @Test
  void invalidImageFailsAlone() throws Exception {
    try (TestServer server =
        TestServer.start(scratch, new BatchSettings(8, Duration.ofMillis(400), 100), LARGE_MODEL)) {
      HttpClient client = HttpClient.newHttpClient();
      String alone = server.post("/predictions/random", IMAGES.get(0)).body();
      byte[] bad = "not an image".getBytes(StandardCharsets.UTF_8);
      List<HttpResponse<String>> responses =
          IntStream.range(0, 16)
              .mapToObj(i -> i % 4 == 1 ? bad : IMAGES.get(0))
              .map(
                  body ->
                      server
                          .request("/predictions/random")
                          .POST(BodyPublishers.ofByteArray(body))
                          .build())
              .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
              .toList()
              .stream()
              .map(response -> response.join())
              .toList();
      for (int i = 0; i < responses.size(); i++) {
        assertThat(responses.get(i).statusCode()).isEqualTo(i % 4 == 1 ? 400 : 200);
        if (i % 4 != 1) {
          assertThat(highestProbability(responses.get(i).body()))
              .isCloseTo(highestProbability(alone), within(1e-4));
        }
      }
    }
  }

  private static double highestProbability(String json) {
    return JsonParser.parseString(json)
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .get("probability")
        .getAsDouble();
  }
}
