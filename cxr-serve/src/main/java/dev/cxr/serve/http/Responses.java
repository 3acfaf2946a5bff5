package dev.cxr.serve.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/** Writes responses. Every request gets exactly one, with its request id. */
final class Responses {

  static final String JSON = "application/json";

  private static final HttpString REQUEST_ID_HEADER = new HttpString("x-request-id");
  private static final AttachmentKey<String> REQUEST_ID_KEY = AttachmentKey.create(String.class);

  /** Ids of clients that are echoed; any other is replaced. */
  private static final Pattern VALID_REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  static final String RETRY_AFTER_SECONDS = "1";

  /** For responses that a browser shows: they load, run and embed nothing. */
  private static final String NO_CONTENT = "default-src 'none'; frame-ancestors 'none'";

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private Responses() {}

  /** Assigns the client's request id if it is valid, else a new one, and sets common headers. */
  static void assignRequestId(HttpServerExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst(REQUEST_ID_HEADER);
    String id =
        given != null && VALID_REQUEST_ID.matcher(given).matches()
            ? given
            : UUID.randomUUID().toString();
    exchange.putAttachment(REQUEST_ID_KEY, id);
    exchange
        .getResponseHeaders()
        .put(REQUEST_ID_HEADER, id)
        .put(Headers.CACHE_CONTROL, "no-store")
        .put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff")
        .put(Headers.X_FRAME_OPTIONS, "DENY")
        .put(Headers.CONTENT_SECURITY_POLICY, NO_CONTENT);
  }

  /** The id from {@link #assignRequestId}. */
  static String requestId(HttpServerExchange exchange) {
    return exchange.getAttachment(REQUEST_ID_KEY);
  }

  /** The beginning of a client's text, for messages. */
  static String printable(String text) {
    return text.substring(0, Math.min(text.length(), 40)).replaceAll("[^ -~]", "?");
  }

  static void ok(HttpServerExchange exchange, Object value) {
    json(exchange, StatusCodes.OK, value);
  }

  static void json(HttpServerExchange exchange, int code, Object value) {
    send(exchange, code, JSON, toJson(value));
  }

  static byte[] toJson(Object value) {
    return GSON.toJson(value).getBytes(StandardCharsets.UTF_8);
  }

  static void send(HttpServerExchange exchange, int code, String type, byte[] content) {
    if (exchange.isResponseStarted()) {
      return; // the client has disconnected, or its body timed out
    }
    exchange.setStatusCode(code);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseSender().send(ByteBuffer.wrap(content));
  }

  static void fail(HttpServerExchange exchange, ApiError error) {
    if (error.code() == StatusCodes.SERVICE_UNAVAILABLE) {
      exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    json(exchange, error.code(), error);
  }

  /** Fails a request whose body is not read to its end, which makes the connection unusable. */
  static void failAndClose(HttpServerExchange exchange, ApiError error) {
    exchange.setPersistent(false);
    fail(exchange, error);
  }
}
