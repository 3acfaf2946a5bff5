package dev.cxr.serve.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.serve.Main;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadGeneratorTest {

  private static final Duration DURATION = Duration.ofMillis(400);
  private static final List<byte[]> IMAGES = List.of(TestImages.jpeg(0), TestImages.png(1));
  private static final String PREDICTION =
      "[{\"className\":\"A\",\"probability\":0.75},{\"className\":\"B\",\"probability\":0.25}]";

  @TempDir private Path folder;

  /** A response of the stub server. */
  private record StubResponse(int status, String body) {}

  /** Starts a server that returns a given response to its n-th request. */
  private static HttpServer startStub(IntFunction<StubResponse> responses) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int[] count = {0};
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          StubResponse response;
          synchronized (count) {
            response = responses.apply(count[0]++);
          }
          byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(response.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.start();
    return server;
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/predictions/x");
  }

  private static LoadTestReport run(IntFunction<StubResponse> responses, double rate)
      throws Exception {
    HttpServer server = startStub(responses);
    try {
      return new LoadGenerator(address(server), IMAGES, 4, DURATION, rate).run();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void countsCorrectResponses() throws Exception {
    LoadTestReport report = run(n -> new StubResponse(200, PREDICTION), 0);
    assertThat(report.correct()).isPositive();
    assertThat(report.isClean()).isTrue();
    assertThat(report.latency().p50()).isPositive().isLessThanOrEqualTo(report.latency().p99());
  }

  @Test
  void responseThatDiffersFromTheFirstIsIncorrect() throws Exception {
    String other = PREDICTION.replace("0.75", "0.7499").replace("0.25", "0.2501");
    String another = PREDICTION.replace("0.75", "0.74").replace("0.25", "0.26");
    assertThat(run(n -> new StubResponse(200, n % 2 == 0 ? PREDICTION : other), 0).incorrect())
        .isZero();
    assertThat(
            run(n -> new StubResponse(200, n < 4 || n % 2 == 0 ? PREDICTION : another), 0)
                .incorrect())
        .isPositive();
  }

  @Test
  void status503IsRejectedAndStatus500IsAnError() throws Exception {
    LoadTestReport busy =
        run(n -> n < 2 ? new StubResponse(200, PREDICTION) : new StubResponse(503, "busy"), 0);
    assertThat(busy.rejected()).isPositive();
    assertThat(busy.isClean()).isTrue();
    LoadTestReport broken =
        run(n -> n < 2 ? new StubResponse(200, PREDICTION) : new StubResponse(500, "broken"), 0);
    assertThat(broken.errors()).containsOnlyKeys("status 500");
    assertThat(broken.isClean()).isFalse();
  }

  @Test
  void malformedResponseIsIncorrect() throws Exception {
    for (String body : List.of("hello", "{}", "[]", "[{\"className\":\"A\"}]", "[1]")) {
      assertThat(run(n -> new StubResponse(200, n < 2 ? PREDICTION : body), 0).incorrect())
          .as(body)
          .isPositive();
    }
  }

  @Test
  void sendsAtFixedRate() throws Exception {
    LoadTestReport report = run(n -> new StubResponse(200, PREDICTION), 50);
    assertThat(report.correct()).as("0.4 s at 50 requests per second").isBetween(15L, 20L);
  }

  @Test
  void rejectsUnreachableOrUnsuitableServer() throws Exception {
    LoadGenerator nobody =
        new LoadGenerator(URI.create("http://127.0.0.1:1/x"), IMAGES, 1, DURATION, 0);
    assertThatThrownBy(nobody::run)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("--url");
    assertThatThrownBy(() -> run(n -> new StubResponse(404, "no such model"), 0))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("404");
  }

  @Test
  void commandWritesReport() throws Exception {
    Path report = folder.resolve("report");
    try (TestServer server = TestServer.start(folder, RandomBundle.SMALL)) {
      int exitCode =
          new Main()
              .run(
                  "load-test",
                  "--url",
                  server.url("/predictions/random").toString(),
                  "--clients",
                  "4",
                  "--seconds",
                  "1",
                  "--out",
                  report.toString());
      assertThat(exitCode).isZero();
    }
    var json = JsonParser.parseString(Files.readString(report.resolve("load.json")));
    assertThat(json.getAsJsonObject().get("schema").getAsInt()).isEqualTo(2);
    assertThat(json.getAsJsonObject().get("correct").getAsLong()).isPositive();
  }
}
