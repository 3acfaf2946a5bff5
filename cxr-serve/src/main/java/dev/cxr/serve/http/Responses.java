package dev.cxr.serve.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/** Writes responses. Every request gets exactly one, with its request id. */
final class Responses {

  static final String JSON = "application/json";

  private static final HttpString REQUEST_ID_HEADER = new HttpString("x-request-id");
  private static final AttachmentKey<String> REQUEST_ID_KEY = AttachmentKey.create(String.class);

  /** Ids of clients that are echoed; any other is replaced. */
  private static final Pattern VALID_REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  static final String RETRY_AFTER_SECONDS = "1";

  private static final IoCallback AFTER_RESPONSE = new AfterResponse();

  /** So long the rest of a request is read after its response. */
  private static final int DISCARD_SECONDS = 5;

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
    exchange.getResponseSender().send(ByteBuffer.wrap(content), AFTER_RESPONSE);
  }

  /** Ends an exchange after its response. */
  private static final class AfterResponse implements IoCallback {

    /**
     * Reads and discards the rest of the request first. A connection that is closed before is
     * reset, and the client may lose the response.
     */
    @Override
    public void onComplete(HttpServerExchange exchange, Sender sender) {
      boolean awaitsContinue =
          HttpContinue.requiresContinueResponse(exchange)
              && !HttpContinue.isContinueResponseSent(exchange);
      if (!exchange.isRequestComplete() && !awaitsContinue) {
        boolean isPersistent = exchange.isPersistent();
        XnioExecutor.Key deadline =
            exchange
                .getIoThread()
                .executeAfter(
                    () -> IoUtils.safeClose(exchange.getConnection()),
                    DISCARD_SECONDS,
                    TimeUnit.SECONDS);
        exchange.addExchangeCompleteListener(
            (completed, nextListener) -> {
              deadline.remove();
              completed.setPersistent(isPersistent);
              nextListener.proceed();
            });
        exchange.setPersistent(true); // otherwise Undertow closes the connection now
      }
      exchange.endExchange();
    }

    @Override
    public void onException(HttpServerExchange exchange, Sender sender, IOException e) {
      IoCallback.END_EXCHANGE.onException(exchange, sender, e);
    }
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
