package dev.cxr.serve.http;

import dev.cxr.data.image.ImageDecoder;
import dev.cxr.serve.inference.ServedModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/**
 * Sends requests of each kind to a server before clients can: all code that answers requests,
 * errors included, is loaded while files can still be opened and memory is free.
 */
final class WarmUp {

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int MAX_SOCKETS = 200;

  private static final String HEAD = "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

  private final int port;

  private WarmUp(int port) {
    this.port = port;
  }

  /**
   * Sends the requests and waits for the responses.
   *
   * @param port of the server, on the loopback address
   * @throws IOException if a response is missing or not as expected
   */
  static void run(int port, List<ServedModel> models) throws IOException {
    WarmUp warmUp = new WarmUp(port);
    warmUp.expect(200, "GET", "/ping", "", new byte[0]); // asks the models
    for (ServedModel model : models) {
      warmUp.predict(model);
    }
    warmUp.sendOthers(models.get(0).name());
    warmUp.disconnect(models.get(0).name());
    warmUp.exceedConnections();
    warmUp.expect(200, "GET", "/ping", "", new byte[0]);
  }

  private void predict(ServedModel model) throws IOException {
    String path = "/predictions/%s/%s".formatted(model.name(), model.version());
    byte[] png = Files.readAllBytes(model.bundle().folder().resolve("golden.png"));
    expect(200, "POST", path, "", png);
    expect(200, "POST", path + "?detail=true&image=true", "", png);
    expect(200, "POST", path, "", jpeg(png));
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(png);
    }
    expect(200, "POST", path, "Content-Encoding: gzip\r\n", compressed.toByteArray());
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(ascii("--x\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n"));
    form.writeBytes(png);
    form.writeBytes(ascii("\r\n--x--\r\n"));
    expect(
        200, "POST", path, "Content-Type: multipart/form-data; boundary=x\r\n", form.toByteArray());
  }

  private static byte[] jpeg(byte[] png) throws IOException {
    var gray = ImageDecoder.decode(png, 1);
    BufferedImage image =
        new BufferedImage(gray.width(), gray.height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, gray.width(), gray.height(), gray.pixels());
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", jpeg);
    return jpeg.toByteArray();
  }

  private void sendOthers(String model) throws IOException {
    String path = "/predictions/" + model;
    byte[] none = {};
    for (String page : List.of("/", "/metrics", "/models", "/models/" + model, "/bundles")) {
      expect(200, "GET", page, "", none);
    }
    expect(200, "OPTIONS", "/", "", none);
    expect(404, "GET", "/unknown", "", none);
    expect(405, "PUT", path, "", none);
    expect(415, "POST", path, "Content-Encoding: br\r\n", none);
    expect(400, "POST", path, "Content-Encoding: gzip\r\n", ascii("{}"));
    expect(400, "POST", path, "", ascii("{\"image\": \"\"}"));
    expect(400, "POST", path, "", ascii("II*\0" + "\0".repeat(60))); // TIFF
    expect(400, "POST", path, "", ascii("\0".repeat(128) + "DICM" + "\0".repeat(60)));
    expect(413, "POST", path, "", none, "Content-Length: 99999999\r\n\r\n");
    expect(400, "POST", path, "", none, "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    try (Socket socket = connect()) {
      socket.getOutputStream().write(ascii("GET / HTTP/1.1\r\nHost: unknown.invalid\r\n\r\n"));
      requireStatus(421, socket, "another host");
    }
  }

  private void disconnect(String model) throws IOException {
    try (Socket socket = connect()) {
      String head = HEAD.formatted("POST", "/predictions/" + model);
      socket.getOutputStream().write(ascii(head + "Content-Length: 100\r\n\r\nabc"));
    }
  }

  /** Begins requests that never end, until there are too many and the first one is refused. */
  private void exceedConnections() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      do {
        Socket socket = connect();
        sockets.add(socket);
        socket.getOutputStream().write(ascii("POST /invocations HTTP/1.1\r\nHost: localhost\r\n"));
        expect(404, "GET", "/unknown", "", new byte[0]); // others are answered
      } while (sockets.get(0).getInputStream().available() == 0 && sockets.size() < MAX_SOCKETS);
      requireStatus(503, sockets.get(0), "the slowest of too many");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private void expect(int status, String method, String path, String headers, byte[] body)
      throws IOException {
    expect(status, method, path, headers, body, "Content-Length: " + body.length + "\r\n\r\n");
  }

  private void expect(
      int status, String method, String path, String headers, byte[] body, String end)
      throws IOException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(ascii(HEAD.formatted(method, path) + headers + end));
      out.write(body);
      requireStatus(status, socket, method + " " + path);
    }
  }

  private static void requireStatus(int status, Socket socket, String request) throws IOException {
    String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!response.startsWith("HTTP/1.1 " + status)) {
      throw new IOException(
          "the server does not work: %s returned %s, not %d"
              .formatted(request, response.lines().findFirst().orElse("nothing"), status));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
