package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.Soak;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any request gets a status below 500, without a stack trace, within two seconds. */
class RobustnessTest {

  private static final long MAX_NANOS = 2_000_000_000L;

  private static final List<String> PATHS =
      List.of(
          "/",
          "/ping",
          "/ping/",
          "/models",
          "/models/",
          "/models/random",
          "/models/random/",
          "/models/nope",
          "/models/random/1",
          "/models/random/invoke",
          "/models/nope/invoke",
          "/models/random/1/2/3",
          "/predictions",
          "/predictions/",
          "/predictions/random",
          "/predictions/random/",
          "/predictions/random/1",
          "/predictions/random//x/y",
          "/predictions/nope",
          "/invocations",
          "/invocations/",
          "/invocations/x",
          "/metrics",
          "/metrics/",
          "/server/metrics",
          "/server/metrics/",
          "/server",
          "/openapi.json",
          "/bundles",
          "/page.js",
          "/page.css",
          "/icon.svg",
          "/page.html",
          "/favicon.ico",
          "/nope",
          "//",
          "//ping",
          "/.",
          "/..",
          "/../etc/passwd",
          "/%2e%2e/%2e%2e/etc/passwd",
          "/%00",
          "/%",
          "/%zz",
          "/%C3%28",
          "/models/%2F",
          "/predictions/%2e%2e%2f",
          "/predictions/random%00",
          "/predictions/random;x=y",
          "/predictions/random?",
          "/predictions/random?&&=&a",
          "/predictions/random?detail=true",
          "/predictions/random?detail=%FF",
          "/?%",
          "/models?limit=",
          "/models?limit=9999999999",
          "/models?next_page_token=-5",
          "/models?limit=1&limit=2",
          "/metrics?name[]=x",
          "/metrics?name[]=",
          "/predictions/" + "a".repeat(3000),
          "/predictions/\u00e4",
          "/PING",
          "/Predictions/random",
          "*",
          "x",
          "http://localhost/ping",
          "http://127.0.0.1:1/ping",
          "/predictions/random#fragment",
          "/ping HTTP/9.9");

  private static final List<String> METHODS =
      List.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "DELETE",
          "PATCH",
          "OPTIONS",
          "TRACE",
          "CONNECT",
          "PROPFIND",
          "get",
          "X",
          "GETGETGETGETGETGETGETGETGETGETGETGET");

  private static final List<String> HEADERS =
      List.of(
          "",
          "Content-Length: 0\r\n",
          "Content-Length: -1\r\n",
          "Content-Length: 99999999999999999999\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n",
          "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: nonsense\r\n",
          "Content-Type: multipart/form-data; boundary=\r\nContent-Length: 0\r\n",
          "Content-Type: multipart/form-data; boundary=\"x\r\nContent-Length: 0\r\n",
          "Content-Encoding: gzip\r\nContent-Length: 0\r\n",
          "Expect: nonsense\r\nContent-Length: 0\r\n",
          "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x\r\n",
          "x-request-id: a\tb\r\n",
          "no colon\r\n",
          ": no name\r\n",
          "Range: bytes=0-0,5-2\r\n",
          "Cookie: " + "a=b;".repeat(500) + "\r\n");

  private static TestServer server;
  private static final ByteArrayOutputStream ERRORS = new ByteArrayOutputStream();
  private static final PrintStream ORIGINAL_ERR = System.err;

  @BeforeAll
  static void start(@TempDir Path scratch) throws Exception {
    System.setErr(new PrintStream(ERRORS, true, StandardCharsets.UTF_8));
    server = TestServer.start(scratch, RandomBundle.SMALL);
  }

  @AfterAll
  static void stop() {
    server.close();
    System.setErr(ORIGINAL_ERR);
  }

  @Test
  void mutatedImagesGet200Or400() throws Exception {
    int count = Integer.getInteger("cxr.mutants", 300);
    List<byte[]> files =
        List.of(
            TestImages.jpeg(0),
            TestImages.colorJpeg(1),
            TestImages.png(2),
            TestImages.png16(0),
            TestImages.encode("tiff", 1),
            TestImages.dicom(3));
    Random random = new Random(20_261_121);
    Map<Integer, Integer> statuses = new TreeMap<>();
    long slowest = 0;
    for (int i = 0; i < count; i++) {
      byte[] file = files.get(random.nextInt(files.size()));
      byte[] mutant = mutate(file, files.get(random.nextInt(files.size())), random);
      long began = System.nanoTime();
      HttpResponse<String> response =
          server.post("/predictions/random" + (i % 10 == 0 ? "?detail=true" : ""), mutant);
      slowest = Math.max(slowest, System.nanoTime() - began);
      statuses.merge(response.statusCode(), 1, Integer::sum);
      assertThat(response.statusCode()).as("mutant %d: %s", i, response.body()).isIn(200, 400);
      assertThat(JsonParser.parseString(response.body())).isNotNull();
      assertNoStackTrace(response.body());
    }
    System.out.printf(
        "%d mutants over HTTP: %s, the slowest %.0f ms%n", count, statuses, slowest / 1e6);
    assertThat(statuses.keySet()).as("some decode, some do not").containsExactly(200, 400);
    assertThat(slowest).isLessThan(Soak.ENABLED ? MAX_NANOS : 5 * MAX_NANOS);
  }

  private static byte[] mutate(byte[] file, byte[] donor, Random random) {
    byte[] mutant = file.clone();
    switch (random.nextInt(5)) {
      case 0 -> flip(mutant, mutant.length, random);
      case 1 -> flip(mutant, Math.min(700, mutant.length), random);
      case 2 -> mutant = Arrays.copyOf(file, random.nextInt(file.length));
      case 3 -> {
        int size = 1 + random.nextInt(Math.min(2000, Math.min(file.length, donor.length) - 1));
        System.arraycopy(
            donor,
            random.nextInt(donor.length - size),
            mutant,
            random.nextInt(mutant.length - size),
            size);
      }
      default -> { // overwrites a number in the header
        int at = random.nextInt(Math.min(400, mutant.length - 4));
        byte[] number = new byte[2 + random.nextInt(3)];
        random.nextBytes(number);
        System.arraycopy(number, 0, mutant, at, number.length);
      }
    }
    return mutant;
  }

  private static void flip(byte[] file, int within, Random random) {
    for (int flips = 1 + random.nextInt(16); flips > 0; flips--) {
      file[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  @Test
  void oddRequestsGetNo5xx() throws Exception {
    int checked = 0;
    for (String path : PATHS) {
      for (String method : METHODS) {
        checked += check(requestHead(method, path, ""));
      }
    }
    List<String> some = Soak.ENABLED ? PATHS : List.of("/ping", "/predictions/random", "/nope");
    for (String head : HEADERS) {
      for (String path : some) {
        for (String method : List.of("GET", "POST")) {
          checked += check(requestHead(method, path, head));
        }
      }
    }
    for (String nonsense :
        List.of(
            "\r\n\r\n",
            "GET\r\n\r\n",
            "GET /ping\r\n\r\n",
            "GET /ping HTTP/1.0\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
      checked += check(nonsense);
    }
    System.out.printf("%d odd requests without a 5xx%n", checked);
    assertThat(ERRORS.toString(StandardCharsets.UTF_8)).doesNotContain("\tat ");
    assertThat(server.get("/ping").statusCode()).isEqualTo(200);
  }

  private static String requestHead(String method, String path, String more) {
    return "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n"
        .formatted(method, path, more);
  }

  /** Sends a request and shuts down the output, so that the server does not wait for more. */
  private static int check(String request) throws Exception {
    long began = System.nanoTime();
    String response;
    try (Socket socket = server.connect()) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException e) {
      response = ""; // the server closed the connection, which is not a 5xx
    }
    long took = System.nanoTime() - began;
    assertThat(took).as(request).isLessThan(Soak.ENABLED ? MAX_NANOS : 5 * MAX_NANOS);
    if (!response.isEmpty()) {
      assertThat(response).as(request).matches("(?s)HTTP/1\\.[01] [1234]\\d\\d .*");
    }
    assertNoStackTrace(response);
    return 1;
  }

  private static void assertNoStackTrace(String text) {
    assertThat(text).doesNotContain("\tat ", "java.lang.", "io.undertow", "dev.cxr");
  }
}
