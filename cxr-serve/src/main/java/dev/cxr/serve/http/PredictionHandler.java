package dev.cxr.serve.http;

import dev.cxr.data.image.InvalidImageException;
import dev.cxr.serve.inference.PredictionDetail;
import dev.cxr.serve.inference.QueueFullException;
import dev.cxr.serve.inference.ServedModel;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles prediction requests. The body is the image file, or a multipart form with it, whatever
 * the content type; nothing in it is used as a URL.
 */
final class PredictionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(PredictionHandler.class);

  private static final RepeatedMessage FAILURE_MESSAGE = new RepeatedMessage(LOG::error);

  private final BodyReader bodyReader;
  private final ServerMetrics metrics;

  PredictionHandler(BodyReader bodyReader, ServerMetrics metrics) {
    this.bodyReader = bodyReader;
    this.metrics = metrics;
  }

  void handle(HttpServerExchange exchange, ServedModel model) {
    if (exchange.getRequestHeaders().contains("handler")) {
      Responses.fail(exchange, ApiError.HANDLER_OVERRIDE);
      return;
    }
    if (model.isFull()) { // before reading the body
      reject(exchange, model);
      return;
    }
    bodyReader.read(exchange, body -> predict(exchange, model, body));
  }

  private void reject(HttpServerExchange exchange, ServedModel model) {
    metrics.recordRejection(model);
    Responses.fail(exchange, ApiError.queueFull(model.name()));
  }

  private void predict(HttpServerExchange exchange, ServedModel model, byte[] body) {
    byte[] image;
    try {
      image = Multipart.image(exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE), body);
    } catch (InvalidImageException e) {
      Responses.fail(exchange, ApiError.invalidImage(String.valueOf(e.getMessage())));
      return;
    }
    PredictionDetail detail = requestedDetail(exchange);
    exchange.dispatch(
        SameThreadExecutor.INSTANCE,
        () -> {
          // The action sends the response, whatever the outcome; nothing depends on the stage after
          // it.
          var unused =
              model
                  .predict(image, detail)
                  .thenApply(result -> PredictionJson.of(model, result, detail))
                  .whenComplete(
                      (json, failure) ->
                          exchange
                              .getIoThread()
                              .execute(() -> send(exchange, model, image, json, failure)));
        });
  }

  private static PredictionDetail requestedDetail(HttpServerExchange exchange) {
    if (!isTrue(exchange, "detail")) {
      return PredictionDetail.NONE;
    }
    return isTrue(exchange, "image") || isTrue(exchange, "picture") // renamed
        ? PredictionDetail.EXPLANATION_AND_IMAGE
        : PredictionDetail.EXPLANATION;
  }

  private static boolean isTrue(HttpServerExchange exchange, String parameter) {
    return parameter(exchange, parameter).filter("true"::equals).isPresent();
  }

  /** The first value of a query parameter. */
  static Optional<String> parameter(HttpServerExchange exchange, String name) {
    return Optional.ofNullable(exchange.getQueryParameters().get(name)).map(all -> all.peekFirst());
  }

  private void send(
      HttpServerExchange exchange,
      ServedModel model,
      byte[] image,
      @Nullable Object json,
      @Nullable Throwable failure) {
    Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
    if (json != null) {
      Responses.ok(exchange, json);
    } else if (reason instanceof QueueFullException) {
      reject(exchange, model);
    } else if (reason instanceof InvalidImageException) {
      String message = String.valueOf(reason.getMessage());
      Responses.fail(exchange, ApiError.invalidImage(NonImageBody.describe(image).orElse(message)));
    } else if (reason instanceof OutOfMemoryError) {
      Responses.fail(exchange, ApiError.OUT_OF_MEMORY);
    } else {
      failUnexpectedly(exchange, Objects.requireNonNull(reason));
    }
  }

  /** Logs the place but not the message, which may quote the image file; not each of many. */
  static void failUnexpectedly(HttpServerExchange exchange, Throwable failure) {
    String id = Responses.requestId(exchange);
    StackTraceElement[] trace = failure.getStackTrace();
    FAILURE_MESSAGE.log(
        "Request %s failed: %s at %s"
            .formatted(
                id,
                failure.getClass().getName(),
                trace.length > 0 ? trace[0] : "an unknown location"));
    Responses.fail(exchange, ApiError.internalError(id));
  }
}
