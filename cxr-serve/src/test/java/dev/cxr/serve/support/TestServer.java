package dev.cxr.serve.support;

import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.http.InferenceServer;
import dev.cxr.serve.inference.BatchSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A running server and a client of it. */
public final class TestServer implements AutoCloseable {

  private final InferenceServer server;
  private final List<Bundle> bundles;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestServer(InferenceServer server, List<Bundle> bundles) {
    this.server = server;
    this.bundles = bundles;
  }

  /** Starts a server for these bundles. */
  public static TestServer start(Path scratch, BatchSettings batching, RandomBundle... kinds)
      throws IOException {
    List<Bundle> bundles = new ArrayList<>();
    for (RandomBundle kind : kinds) {
      bundles.add(Bundle.open(kind.writeTo(scratch.resolve("bundle-" + bundles.size()))));
    }
    return new TestServer(
        InferenceServer.start(bundles, batching, InferenceServer.LOOPBACK, 0), bundles);
  }

  /** Starts a server with the default settings. */
  public static TestServer start(Path scratch, RandomBundle... kinds) throws IOException {
    return start(scratch, BatchSettings.DEFAULT, kinds);
  }

  /** A served bundle. */
  public Bundle bundle(int index) {
    return bundles.get(index);
  }

  /** The server itself. */
  public InferenceServer server() {
    return server;
  }

  /** A URL of the server. */
  public URI url(String path) {
    return URI.create(server.address() + path);
  }

  /** A request that fails after 30 seconds. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url(path)).timeout(Duration.ofSeconds(30));
  }

  /** Sends a request. */
  public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  /** Sends a request without a body. */
  public HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return send(request(path).method(method, BodyPublishers.noBody()).build());
  }

  /** GET. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path);
  }

  /** POST of some bytes. */
  public HttpResponse<String> post(String path, byte[] body)
      throws IOException, InterruptedException {
    return post(path, BodyPublishers.ofByteArray(body));
  }

  /** POST. */
  public HttpResponse<String> post(String path, BodyPublisher body)
      throws IOException, InterruptedException {
    return send(request(path).POST(body).build());
  }

  /** A plain socket, for invalid requests. */
  public Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  /** Sends bytes unchanged and reads the response until the server closes the connection. */
  public String sendRaw(String bytes) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.closeNow();
  }
}
