package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.Soak;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import io.undertow.Undertow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {

  private static final String HEAD = "POST /predictions/random HTTP/1.1\r\nHost: localhost\r\n";

  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch, RandomBundle.SMALL);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void rejectsTooLargeBodyWithoutReadingIt() throws Exception {
    String response =
        server.sendRaw(
            HEAD + "Content-Length: %d\r\n\r\n".formatted(BodyReader.MAX_BODY_BYTES + 1));
    assertThat(response)
        .startsWith("HTTP/1.1 413")
        .contains("Content-Type: application/json")
        .contains("x-request-id")
        .contains("at most 16 MiB");
  }

  /** A connection that is closed before is reset, and the client may not see why. */
  @Test
  void readsWhatAClientStillSendsAfterTheResponse() throws Exception {
    byte[] body = new byte[BodyReader.MAX_BODY_BYTES + 1];
    try (Socket socket = server.connect()) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          (HEAD + "Connection: close\r\nContent-Length: %d\r\n\r\n".formatted(body.length))
              .getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(300); // the response is sent meanwhile
      out.write(body);
      String response =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(response).startsWith("HTTP/1.1 413").contains("Connection: close");
    }
  }

  @Test
  void rejectsTooLargeBodyBefore100Continue() throws Exception {
    String response =
        server.sendRaw(
            HEAD
                + "Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
                    .formatted(BodyReader.MAX_BODY_BYTES + 1));
    assertThat(response).startsWith("HTTP/1.1 413").doesNotContain("100 Continue");
  }

  @Test
  void cutsChunkedBodyAtTheLimit() throws Exception {
    long sent = 0;
    byte[] chunk = new byte[64 << 10];
    byte[] size = "10000\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] end = "\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = server.connect()) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write((HEAD + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      try {
        while (sent < 1L << 30) {
          out.write(size);
          out.write(chunk);
          out.write(end);
          sent += chunk.length;
        }
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?i).*(closed|reset|broken pipe).*");
      }
    }
    assertThat(sent).as("little more than the limit and what sockets hold").isLessThan(40 << 20);
    assertThat(server.post("/predictions/random", TestImages.jpeg(0)).statusCode()).isEqualTo(200);
  }

  @Test
  void contentLengthReservesNoMemory() throws Exception {
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) { // 200 x 16 MiB would exceed the heap
        Socket socket = server.connect();
        clients.add(socket);
        socket
            .getOutputStream()
            .write(
                (HEAD + "Content-Length: %d\r\n\r\nx".formatted(BodyReader.MAX_BODY_BYTES))
                    .getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(server.post("/predictions/random", TestImages.jpeg(0)).statusCode())
          .isEqualTo(200);
    } finally {
      for (Socket socket : clients) {
        socket.close();
      }
    }
  }

  @Test
  void limitsTotalSizeOfAllBodies() throws Exception {
    BodyReader small = new BodyReader(100_000, Runnable::run);
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(
                exchange -> {
                  Responses.assignRequestId(exchange);
                  small.read(exchange, body -> Responses.ok(exchange, body.length));
                })
            .build();
    undertow.start();
    try {
      int port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
      var client = HttpClient.newHttpClient();
      for (int i = 0; i < 3; i++) { // bodies of finished requests do not count
        assertThat(status(client, port, 90_000)).isEqualTo(200);
      }
      assertThat(status(client, port, 110_000)).isEqualTo(503);
      assertThat(status(client, port, 90_000)).isEqualTo(200);
    } finally {
      undertow.stop();
    }
  }

  private static int status(HttpClient client, int port, int size) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .POST(BodyPublishers.ofByteArray(new byte[size]))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Alone, then with 100 clients that send a byte at a time. */
  @Test
  void slowClientsDoNotDelayOthers() throws Exception {
    Duration time = Duration.ofSeconds(Soak.choose(2, 30));
    byte[] image = TestImages.jpeg(0);
    measureLatency(image, Duration.ofSeconds(1)); // warm
    Histogram alone = measureLatency(image, time);
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      slow.add(server.connect());
    }
    Thread slowSender = new Thread(() -> sendSlowly(slow, image), "slow-sender");
    slowSender.start();
    Histogram withSlowClients = measureLatency(image, time);
    slowSender.interrupt();
    slowSender.join();
    for (Socket socket : slow) {
      socket.close();
    }
    double ratio =
        withSlowClients.getValueAtPercentile(99) / (double) alone.getValueAtPercentile(99);
    System.out.printf(
        "100 slow clients: p50 %.2f to %.2f ms, p99 %.2f to %.2f ms, ratio %.2f%n",
        alone.getValueAtPercentile(50) / 1e3,
        withSlowClients.getValueAtPercentile(50) / 1e3,
        alone.getValueAtPercentile(99) / 1e3,
        withSlowClients.getValueAtPercentile(99) / 1e3,
        ratio);
    assertThat(withSlowClients.getValueAtPercentile(50) / (double) alone.getValueAtPercentile(50))
        .isLessThan(Soak.ENABLED ? 2 : 5);
    if (Soak.ENABLED) { // too few requests for a 99th percentile otherwise
      assertThat(ratio).isLessThan(2);
    }
  }

  private static Histogram measureLatency(byte[] image, Duration time) throws Exception {
    Histogram micros = new Histogram(60_000_000L, 3);
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      long began = System.nanoTime();
      assertThat(server.post("/predictions/random", image).statusCode()).isEqualTo(200);
      micros.recordValue((System.nanoTime() - began) / 1000);
    }
    return micros;
  }

  private static void sendSlowly(List<Socket> clients, byte[] image) {
    try {
      for (Socket client : clients) {
        client
            .getOutputStream()
            .write(
                (HEAD + "Content-Length: %d\r\n\r\n".formatted(image.length))
                    .getBytes(StandardCharsets.US_ASCII));
      }
      for (int at = 0; at < image.length; at++) {
        for (Socket client : clients) {
          client.getOutputStream().write(image[at]);
        }
        Thread.sleep(100);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
