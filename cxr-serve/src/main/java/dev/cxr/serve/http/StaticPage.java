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

/** The page's files, read once; it may load nothing from anywhere else. */
final class StaticPage {

  private static final Map<String, String> TYPES =
      Map.of(
          "page.html", "text/html; charset=utf-8",
          "page.css", "text/css; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml",
          "openapi.json", Reply.JSON);

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final String type;
  private final byte[] content;

  private StaticPage(String type, byte[] content) {
    this.type = type;
    this.content = content;
  }

  /** The file that lies at a path, if one does. */
  static Optional<String> at(String path) {
    return switch (path) {
      case "/" -> Optional.of("page.html");
      case "/page.css", "/page.js", "/icon.svg" -> Optional.of(path.substring(1));
      default -> Optional.empty();
    };
  }

  /** Reads a file of the page. */
  static StaticPage read(String name) {
    try (InputStream in = StaticPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new StaticPage(TYPES.getOrDefault(name, "text/plain"), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void answer(HttpServerExchange exchange) {
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_SECURITY_POLICY, POLICY)
        .put(new HttpString("Referrer-Policy"), "no-referrer");
    Reply.bytes(exchange, StatusCodes.OK, type, content);
  }
}
