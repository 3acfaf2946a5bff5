package dev.cxr.serve.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.serve.Main;
import dev.cxr.serve.support.Pictures;
import dev.cxr.serve.support.RandomBundle;
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

class LoadTestTest {

  private static final Duration SHORT = Duration.ofMillis(400);
  private static final List<byte[]> FILES = List.of(Pictures.jpeg(0), Pictures.png(1));
  private static final String RIGHT =
      "[{\"className\":\"A\",\"probability\":0.75},{\"className\":\"B\",\"probability\":0.25}]";

  @TempDir private Path folder;

  /** What a made-up server answers. */
  private record Said(int status, String body) {}

  /** A server that answers its n-th request as told. */
  private static HttpServer madeUp(IntFunction<Said> answers) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int[] asked = {0};
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          Said said;
          synchronized (asked) {
            said = answers.apply(asked[0]++);
          }
          byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(said.status(), body.length);
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

  private static LoadReport run(IntFunction<Said> answers, double rate) throws Exception {
    HttpServer server = madeUp(answers);
    try {
      return new LoadTest(address(server), FILES, 4, SHORT, rate).run();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void countsRightAnswers() throws Exception {
    LoadReport report = run(n -> new Said(200, RIGHT), 0);
    assertThat(report.answered()).isPositive();
    assertThat(report.isClean()).isTrue();
    assertThat(report.latency().p50()).isPositive().isLessThanOrEqualTo(report.latency().p99());
  }

  @Test
  void anAnswerThatDiffersFromThePicturesFirstIsWrong() throws Exception {
    String other = RIGHT.replace("0.75", "0.7499").replace("0.25", "0.2501");
    String another = RIGHT.replace("0.75", "0.74").replace("0.25", "0.26");
    assertThat(run(n -> new Said(200, n % 2 == 0 ? RIGHT : other), 0).wrong()).isZero();
    assertThat(run(n -> new Said(200, n < 4 || n % 2 == 0 ? RIGHT : another), 0).wrong())
        .isPositive();
  }

  @Test
  void aRefusalIsNoFailureButA500Is() throws Exception {
    LoadReport busy = run(n -> n < 2 ? new Said(200, RIGHT) : new Said(503, "busy"), 0);
    assertThat(busy.refused()).isPositive();
    assertThat(busy.isClean()).isTrue();
    LoadReport broken = run(n -> n < 2 ? new Said(200, RIGHT) : new Said(500, "broken"), 0);
    assertThat(broken.errors()).containsOnlyKeys("status 500");
    assertThat(broken.isClean()).isFalse();
  }

  @Test
  void whatIsNoListOfClassesIsWrong() throws Exception {
    for (String body : List.of("hello", "{}", "[]", "[{\"className\":\"A\"}]", "[1]")) {
      assertThat(run(n -> new Said(200, n < 2 ? RIGHT : body), 0).wrong()).as(body).isPositive();
    }
  }

  @Test
  void aRateIsKeptWhateverComesBack() throws Exception {
    LoadReport report = run(n -> new Said(200, RIGHT), 50);
    assertThat(report.answered()).as("0.4 s at 50 a second").isBetween(15L, 20L);
  }

  @Test
  void aServerThatIsNotThereOrAnswersNothingIsRefused() throws Exception {
    LoadTest nobody = new LoadTest(URI.create("http://127.0.0.1:1/x"), FILES, 1, SHORT, 0);
    assertThatThrownBy(nobody::run)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("--url");
    assertThatThrownBy(() -> run(n -> new Said(404, "no such model"), 0))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("404");
  }

  @Test
  void theCommandWritesItsReportOfOurServer() throws Exception {
    Path report = folder.resolve("report");
    try (TestServer server = TestServer.start(folder, RandomBundle.SMALL)) {
      int exitCode =
          new Main()
              .run(
                  "load",
                  "--url",
                  server.at("/predictions/random").toString(),
                  "--clients",
                  "4",
                  "--seconds",
                  "1",
                  "--out",
                  report.toString());
      assertThat(exitCode).isZero();
    }
    var json = JsonParser.parseString(Files.readString(report.resolve("load.json")));
    assertThat(json.getAsJsonObject().get("schema").getAsInt()).isEqualTo(1);
    assertThat(json.getAsJsonObject().get("answered").getAsLong()).isPositive();
    assertThat(Files.readString(report.resolve("report.html")))
        .contains("Every answer was checked, and right.", "99 of 100", "not a medical device");
  }
}
