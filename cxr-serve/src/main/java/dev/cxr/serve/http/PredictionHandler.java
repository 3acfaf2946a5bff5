package dev.cxr.serve.http;

import dev.cxr.data.image.InvalidImageException;
import dev.cxr.serve.inference.PredictionCallback;
import dev.cxr.serve.inference.PredictionDetail;
import dev.cxr.serve.inference.PredictionResult;
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
    if (model.isFull()) { // before its body is read
      reject(exchange, model);
      return;
    }
    bodyReader.read(exchange, body -> predict(exchange, model, body));
  }

  private void reject(HttpServerExchange exchange, ServedModel model) {
    metrics.rejections(model);
    Responses.fail(exchange, ApiError.queueFull(model.name()));
  }

  private void predict(HttpServerExchange exchange, ServedModel model, byte[] body) {
    byte[] image;
    try {
      Optional<String> boundary =
          Multipart.boundary(exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE));
      image = boundary.isEmpty() ? body : Multipart.imagePart(body, boundary.get()).orElse(body);
      if (boundary.isPresent() && image == body) {
        Responses.fail(exchange, ApiError.invalidImage("Input data is empty."));
        return;
      }
    } catch (IOException e) {
      Responses.fail(
          exchange,
          ApiError.invalidImage(
              "Expected a multipart body; found one %s. Send the picture as the body itself."
                  .formatted(e.getMessage())));
      return;
    }
    Set<PredictionDetail> details = requestedDetails(exchange);
    exchange.dispatch(
        SameThreadExecutor.INSTANCE,
        () -> model.predictAsync(image, details, new ResponseCallback(exchange, model, details)));
  }

  /** A request whose answer is written on its connection's own thread. */
  private final class ResponseCallback implements PredictionCallback {

    private final HttpServerExchange exchange;
    private final ServedModel model;
    private final Set<PredictionDetail> details;

    ResponseCallback(
        HttpServerExchange exchange, ServedModel model, Set<PredictionDetail> details) {
      this.exchange = exchange;
      this.model = model;
      this.details = details;
    }

    @Override
    public void onResult(PredictionResult result) {
      try {
        Object body =
            details.isEmpty()
                ? PredictionJson.classifications(model, result)
                : PredictionJson.detailed(model, result);
        exchange.getIoThread().execute(() -> Responses.ok(exchange, body));
      } catch (IOException | OutOfMemoryError e) { // drawing takes memory
        onFailure(e);
      }
    }

    @Override
    public void onFailure(Throwable reason) {
      exchange.getIoThread().execute(() -> fail(exchange, model, reason));
    }
  }

  private static Set<PredictionDetail> requestedDetails(HttpServerExchange exchange) {
    Set<PredictionDetail> details = EnumSet.noneOf(PredictionDetail.class);
    if (isTrue(exchange, "detail")) {
      details.add(PredictionDetail.EXPLANATION);
      if (isTrue(exchange, "picture")) {
        details.add(PredictionDetail.IMAGE);
      }
    }
    return details;
  }

  private static boolean isTrue(HttpServerExchange exchange, String parameter) {
    Deque<String> values = exchange.getQueryParameters().get(parameter);
    return values != null && "true".equals(values.peekFirst());
  }

  private void fail(HttpServerExchange exchange, ServedModel model, Throwable reason) {
    if (reason instanceof QueueFullException) {
      reject(exchange, model);
    } else if (reason instanceof InvalidImageException) {
      Responses.fail(exchange, ApiError.invalidImage(String.valueOf(reason.getMessage())));
    } else if (reason instanceof OutOfMemoryError) {
      Responses.fail(exchange, ApiError.OUT_OF_MEMORY);
    } else {
      failUnexpectedly(exchange, reason);
    }
  }

  /** Logs where it happened, but no message: that may quote the picture. */
  static void failUnexpectedly(HttpServerExchange exchange, Throwable failure) {
    String id = Responses.requestId(exchange);
    StackTraceElement[] trace = failure.getStackTrace();
    LOG.error(
        "Request {} failed: {} at {}",
        id,
        failure.getClass().getName(),
        trace.length > 0 ? trace[0] : "an unknown place");
    Responses.fail(exchange, ApiError.internalError(id));
  }
}
