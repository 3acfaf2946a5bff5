package dev.cxr.serve.http;

import dev.cxr.data.image.InvalidImageException;
import dev.cxr.serve.inference.Answer;
import dev.cxr.serve.inference.Asker;
import dev.cxr.serve.inference.Extra;
import dev.cxr.serve.inference.QueueFullException;
import dev.cxr.serve.inference.ServedModel;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a picture. Whatever the content type, the body is the picture itself, or a multipart form
 * that holds it; nothing in it is ever taken for an address.
 */
final class PredictionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(PredictionHandler.class);

  private final BodyReader bodies;
  private final Metrics metrics;

  PredictionHandler(BodyReader bodies, Metrics metrics) {
    this.bodies = bodies;
    this.metrics = metrics;
  }

  void handle(HttpServerExchange exchange, ServedModel model) {
    if (exchange.getRequestHeaders().contains("handler")) {
      Reply.fail(exchange, ApiError.HANDLER);
      return;
    }
    if (model.isFull()) { // before its body is read
      refuse(exchange, model);
      return;
    }
    bodies.read(exchange, body -> predict(exchange, model, body));
  }

  private void refuse(HttpServerExchange exchange, ServedModel model) {
    metrics.refused(model);
    Reply.fail(exchange, ApiError.queueFull(model.name()));
  }

  private void predict(HttpServerExchange exchange, ServedModel model, byte[] body) {
    byte[] picture;
    try {
      Optional<String> boundary =
          Multipart.boundary(exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE));
      picture = boundary.isEmpty() ? body : Multipart.picture(body, boundary.get()).orElse(body);
      if (boundary.isPresent() && picture == body) {
        Reply.fail(exchange, ApiError.noPicture("Input data is empty."));
        return;
      }
    } catch (IOException e) {
      Reply.fail(
          exchange,
          ApiError.noPicture(
              "Expected a multipart body; found one %s. Send the picture as the body itself."
                  .formatted(e.getMessage())));
      return;
    }
    Set<Extra> extras = extras(exchange);
    exchange.dispatch(
        SameThreadExecutor.INSTANCE,
        () -> model.ask(picture, extras, new Waiting(exchange, model, extras)));
  }

  /** A request whose answer is written on its connection's own thread. */
  private final class Waiting implements Asker {

    private final HttpServerExchange exchange;
    private final ServedModel model;
    private final Set<Extra> extras;

    Waiting(HttpServerExchange exchange, ServedModel model, Set<Extra> extras) {
      this.exchange = exchange;
      this.model = model;
      this.extras = extras;
    }

    @Override
    public void answered(Answer answer) {
      try {
        Object body =
            extras.isEmpty() ? AnswerBody.plain(model, answer) : AnswerBody.detailed(model, answer);
        exchange.getIoThread().execute(() -> Reply.ok(exchange, body));
      } catch (IOException | OutOfMemoryError e) { // drawing takes memory
        failed(e);
      }
    }

    @Override
    public void failed(Throwable reason) {
      exchange.getIoThread().execute(() -> fail(exchange, model, reason));
    }
  }

  private static Set<Extra> extras(HttpServerExchange exchange) {
    Set<Extra> extras = EnumSet.noneOf(Extra.class);
    if (isTrue(exchange, "detail")) {
      extras.add(Extra.EXPLANATION);
      if (isTrue(exchange, "picture")) {
        extras.add(Extra.PICTURE);
      }
    }
    return extras;
  }

  private static boolean isTrue(HttpServerExchange exchange, String parameter) {
    Deque<String> values = exchange.getQueryParameters().get(parameter);
    return values != null && "true".equals(values.peekFirst());
  }

  private void fail(HttpServerExchange exchange, ServedModel model, Throwable reason) {
    if (reason instanceof QueueFullException) {
      refuse(exchange, model);
    } else if (reason instanceof InvalidImageException) {
      Reply.fail(exchange, ApiError.noPicture(String.valueOf(reason.getMessage())));
    } else if (reason instanceof OutOfMemoryError) {
      Reply.fail(exchange, ApiError.NO_MEMORY);
    } else {
      unexpected(exchange, reason);
    }
  }

  /** Logs where it happened, but no message: that may quote the picture. */
  static void unexpected(HttpServerExchange exchange, Throwable failure) {
    String id = Reply.id(exchange);
    StackTraceElement[] trace = failure.getStackTrace();
    LOG.error(
        "Request {} failed: {} at {}",
        id,
        failure.getClass().getName(),
        trace.length > 0 ? trace[0] : "an unknown place");
    Reply.fail(exchange, ApiError.unexpected(id));
  }
}
