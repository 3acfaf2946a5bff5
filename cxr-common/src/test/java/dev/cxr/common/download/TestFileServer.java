package dev.cxr.common.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server on this machine with one file, which it gives out as RFC 9110 has it unless told not.
 */
public final class TestFileServer implements AutoCloseable {

  /** What one request asked. */
  public record Request(URI uri, Map<String, List<String>> headers) {

    public Optional<String> header(String name) {
      return headers.getOrDefault(name, List.of()).stream().findFirst();
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Deque<HttpHandler> nextHandlers = new ArrayDeque<>();
  private HttpHandler onEveryRequest = this::serve;
  private byte[] content;
  private Map<String, String> validatorHeaders = Map.of("ETag", "\"first\"");

  public TestFileServer(byte[] content) throws IOException {
    this.content = content;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path));
  }

  /** Every request so far. */
  public List<Request> requests() {
    return Collections.unmodifiableList(requests);
  }

  /** Answers the next request, and only that one, so. May be called for several to come. */
  public TestFileServer onNextRequest(HttpHandler handler) {
    nextHandlers.add(handler);
    return this;
  }

  /** Answers every request so for which nothing else is planned. */
  public TestFileServer onEveryRequest(HttpHandler handler) {
    onEveryRequest = handler;
    return this;
  }

  /** Has another file from now on. */
  TestFileServer replaceContent(byte[] newContent, Map<String, String> newValidatorHeaders) {
    content = newContent;
    validatorHeaders = newValidatorHeaders;
    return this;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    requests.add(
        new Request(exchange.getRequestURI(), new LinkedHashMap<>(exchange.getRequestHeaders())));
    HttpHandler handler = nextHandlers.isEmpty() ? onEveryRequest : nextHandlers.remove();
    threads.execute(
        () -> {
          try (exchange) {
            handler.handle(exchange);
          } catch (IOException e) {
            // The client has gone, or a body was cut short on purpose.
            exchange.close();
          }
        });
  }

  /** As a good server does: whole, or from where it is asked if it is the same edition. */
  void serve(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    if (range == null || !validatorHeaders.containsValue(ifRange)) {
      send(exchange, 200, 0, content.length);
      return;
    }
    int start = Integer.parseInt(range.replaceAll("\\D", ""));
    if (start >= content.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    send(exchange, 206, start, content.length);
  }

  /** Announces the whole body and ends the connection after so many bytes of it. */
  HttpHandler disconnectAfter(int bytes) {
    return exchange -> send(exchange, 200, 0, bytes);
  }

  /** Goes on from where it is asked, and ends the connection before byte {@code end}. */
  HttpHandler rangeEndingAt(int end) {
    return exchange -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      send(exchange, range == null ? 200 : 206, start, end);
    };
  }

  /** Sends so many bytes and then nothing until the server closes. */
  HttpHandler stallAfter(int bytes) {
    return exchange -> {
      OutputStream out = sendHeaders(exchange, 200, 0);
      out.write(content, 0, bytes);
      out.flush();
      awaitClose();
    };
  }

  /** Says nothing at all until the server closes. */
  HttpHandler stall() {
    return exchange -> awaitClose();
  }

  /** The rest from {@code start}, whatever was asked. */
  HttpHandler rangeFrom(int start) {
    return exchange -> send(exchange, 206, start, content.length);
  }

  /** The whole file without its length. */
  HttpHandler chunked() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(content);
    };
  }

  /** Nothing but a status, headers and an excuse. */
  public static HttpHandler status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, 7);
      exchange.getResponseBody().write("sorry.\n".getBytes(StandardCharsets.UTF_8));
      exchange.close();
    };
  }

  private void send(HttpExchange exchange, int status, int start, int end) throws IOException {
    sendHeaders(exchange, status, start).write(content, start, end - start);
  }

  private OutputStream sendHeaders(HttpExchange exchange, int status, int start)
      throws IOException {
    validatorHeaders.forEach(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    if (status == 206) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(status, content.length - start);
    return exchange.getResponseBody();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
