package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonParser;
import dev.cxr.serve.inference.Batching;
import dev.cxr.serve.load.LoadReport;
import dev.cxr.serve.load.LoadTest;
import dev.cxr.serve.support.Pictures;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.Soak;
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

  private static final List<byte[]> FILES =
      List.of(Pictures.jpeg(0), Pictures.png(1), Pictures.dicom(2), Pictures.jpeg(3));

  /** A network of the size that makes the engine the bottleneck, as it is in earnest. */
  private static final RandomBundle SLOW = RandomBundle.SMALL.sized(Soak.amount(96, 224));

  @Test
  void atFourTimesItsCapacityItRefusesTheExcessAndServesTheRest() throws Exception {
    Duration time = Duration.ofSeconds(Soak.amount(3, 60));
    try (TestServer server = TestServer.start(scratch, SLOW)) {
      var address = server.at("/predictions/random");
      new LoadTest(address, FILES, 16, Duration.ofSeconds(1), 0).run(); // warm
      LoadReport capacity = new LoadTest(address, FILES, 16, time, 0).run();
      double four = 4 * capacity.answersPerSecond();
      LoadReport overload = new LoadTest(address, FILES, 128, time, four).run();
      double ratio = overload.latency().p99() / capacity.latency().p99();
      System.out.printf(
          "capacity %.1f/s p50 %.1f p99 %.1f ms; at 4 times that %.1f/s p50 %.1f p99 %.1f ms"
              + " (ratio %.2f), %d refused (p99 %.1f ms), %d wrong, errors %s%n",
          capacity.answersPerSecond(),
          capacity.latency().p50(),
          capacity.latency().p99(),
          overload.answersPerSecond(),
          overload.latency().p50(),
          overload.latency().p99(),
          ratio,
          overload.refused(),
          overload.refusalLatency().p99(),
          overload.wrong(),
          overload.errors());
      assertThat(capacity.isClean()).isTrue();
      assertThat(capacity.refused()).as("16 clients fit").isZero();
      assertThat(overload.isClean()).isTrue();
      assertThat(overload.refused()).isPositive();
      assertThat(overload.answered()).isPositive();
      assertThat(ratio).isLessThan(Soak.ON ? 2 : 6);
    }
  }

  @Test
  void aRefusalSaysWhenToTryAgain() throws Exception {
    try (TestServer server = TestServer.start(scratch, new Batching(1, Duration.ZERO, 1), SLOW)) {
      HttpClient client = HttpClient.newHttpClient();
      var request =
          server
              .request("/predictions/random")
              .POST(BodyPublishers.ofByteArray(FILES.get(0)))
              .build();
      List<HttpResponse<String>> answers =
          IntStream.range(0, 40)
              .mapToObj(i -> client.sendAsync(request, BodyHandlers.ofString()))
              .toList()
              .stream()
              .map(answer -> answer.join())
              .toList();
      assertThat(answers).extracting(HttpResponse::statusCode).contains(200, 503);
      assertThat(answers)
          .filteredOn(answer -> answer.statusCode() == 503)
          .allSatisfy(
              answer -> {
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(answer.body())
                    .contains(
                        "WlmCapacityException", "Worker queue capacity exceeded for model: random");
              });
      assertThat(server.get("/metrics").body()).containsPattern("cxr_refused_total.* [1-9]");
    }
  }

  @Test
  void oneBadPictureFailsAlone() throws Exception {
    try (TestServer server =
        TestServer.start(scratch, new Batching(8, Duration.ofMillis(400), 100), SLOW)) {
      HttpClient client = HttpClient.newHttpClient();
      String alone = server.post("/predictions/random", FILES.get(0)).body();
      byte[] bad = "no picture".getBytes(StandardCharsets.UTF_8);
      List<HttpResponse<String>> answers =
          IntStream.range(0, 16)
              .mapToObj(i -> i % 4 == 1 ? bad : FILES.get(0))
              .map(
                  body ->
                      server
                          .request("/predictions/random")
                          .POST(BodyPublishers.ofByteArray(body))
                          .build())
              .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
              .toList()
              .stream()
              .map(answer -> answer.join())
              .toList();
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).statusCode()).isEqualTo(i % 4 == 1 ? 400 : 200);
        if (i % 4 != 1) {
          assertThat(likeliest(answers.get(i).body())).isCloseTo(likeliest(alone), within(1e-4));
        }
      }
    }
  }

  private static double likeliest(String json) {
    return JsonParser.parseString(json)
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .get("probability")
        .getAsDouble();
  }
}
