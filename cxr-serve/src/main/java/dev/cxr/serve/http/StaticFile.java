package dev.cxr.serve.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** A file of the web page, whose content security policy blocks all other origins. */
final class StaticFile {

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "page.html", "text/html; charset=utf-8",
          "page.css", "text/css; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml",
          "openapi.json", Responses.JSON);

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final String contentType;
  private final byte[] content;

  private StaticFile(String contentType, byte[] content) {
    this.contentType = contentType;
    this.content = content;
  }

  /** The name of the page's file at a URL path. */
  static Optional<String> nameForPath(String path) {
    return switch (path) {
      case "/" -> Optional.of("page.html");
      case "/page.css", "/page.js", "/icon.svg" -> Optional.of(path.substring(1));
      default -> Optional.empty();
    };
  }

  /** Reads a resource beside this class. */
  static StaticFile read(String name) {
    try (InputStream in = StaticFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new StaticFile(CONTENT_TYPES.getOrDefault(name, "text/plain"), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(HttpServerExchange exchange) {
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        .put(new HttpString("Referrer-Policy"), "no-referrer");
    Responses.send(exchange, StatusCodes.OK, contentType, content);
  }
}
