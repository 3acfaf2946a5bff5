package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of 20 connections that returns the length of a body. */
class OpenConnectionsTest {

  private static final int MAX_CONNECTIONS = 20;
  private static final ServerLimits LIMITS =
      new ServerLimits(MAX_CONNECTIONS, 40, 10 << 20, 1, "a test");

  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<Socket> flood = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpListener listener;

  @BeforeEach
  void start() throws Exception {
    BodyReader bodies = new BodyReader(LIMITS.maxBodyBytes(), Runnable::run);
    listener =
        HttpListener.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            LIMITS,
            exchange -> {
              Responses.assignRequestId(exchange);
              bodies.read(exchange, body -> Responses.ok(exchange, body.length));
            },
            warnings::add);
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : flood) {
      socket.close();
    }
    listener.close();
  }

  private Socket begin(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private int post(int size) throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + listener.address().getPort() + "/"))
                .POST(BodyPublishers.ofByteArray(new byte[size]))
                .build(),
            BodyHandlers.ofString());
    return response.statusCode();
  }

  @Test
  void requestsThatNeverEndKeepNobodyOut() throws Exception {
    for (String start :
        List.of("", "POST / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")) {
      for (int i = 0; i < 5 * MAX_CONNECTIONS; i++) {
        flood.add(begin(start));
        if (i % 10 == 0) {
          assertThat(post(100_000)).isEqualTo(200);
        }
      }
    }
    String refused =
        new String(flood.get(0).getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(refused)
        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
        .contains("\r\nRetry-After: 1\r\n", "Too many connections");
    assertThat(warnings).hasSize(1).first().asString().contains("All 20 connections");
  }

  @Test
  void slowClientThatMakesProgressIsAnswered() throws Exception {
    try (Socket slow =
        begin("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 20\r\n\r\n")) {
      for (int i = 0; i < 20; i++) {
        slow.getOutputStream().write('x');
        Thread.sleep(50); // the server reads it before others connect
        for (int j = 0; j < 3; j++) {
          flood.add(begin("POST / HTTP/1.1\r\nHost: x\r\n"));
        }
      }
      assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 200")
          .endsWith("20");
    }
  }

  @Test
  void stalledBodiesLeaveTheirMemoryToOthers() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n";
    flood.add(begin(head + "x".repeat(8_000_000)));
    Thread.sleep(200); // the server has read it
    assertThat(post(9_000_000)).as("the other one makes progress").isEqualTo(503);
    Thread.sleep(1_200);
    assertThat(post(9_000_000)).isEqualTo(200);
  }
}
