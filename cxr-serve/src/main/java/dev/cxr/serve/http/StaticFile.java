package dev.cxr.serve.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** A file of the web page, whose content security policy blocks all other origins. */
@SuppressWarnings("ArrayRecordComponent") // sent, never compared
record StaticFile(String contentType, byte[] content) {

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** The web page and the API description, by URL path. */
  static Map<String, StaticFile> all() {
    return Map.of(
        "/", read("page.html", "text/html; charset=utf-8"),
        "/page.css", read("page.css", "text/css; charset=utf-8"),
        "/page.js", read("page.js", "text/javascript; charset=utf-8"),
        "/icon.svg", read("icon.svg", "image/svg+xml"),
        "/openapi.json", read("openapi.json", Responses.JSON));
  }

  private static StaticFile read(String name, String contentType) {
    try (InputStream in = Objects.requireNonNull(StaticFile.class.getResourceAsStream(name))) {
      return new StaticFile(contentType, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(HttpServerExchange exchange) {
    exchange
        .getResponseHeaders()
        .put(Headers.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
        .put(Headers.REFERRER_POLICY, "no-referrer");
    Responses.send(exchange, StatusCodes.OK, contentType, content);
  }
}
