package dev.cxr.serve;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.cxr.data.shell.Refusal;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.XrayTranslator;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RoutingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.PathTemplateMatch;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One bundle behind HTTP, with the paths, bodies and answers of DJL Serving 0.36.
 *
 * <p>{@code GET /ping} and {@code POST /predictions/NAME}, whose body is an image file of at most
 * {@value #LARGEST_BODY} bytes. Any failure is answered {@code {"code", "type", "message"}}.
 * Requests are read without holding a thread; predictions are made one after another, each with all
 * the engine's threads.
 */
public final class InferenceServer implements AutoCloseable {

  /** The largest body that is read, 16 MiB. */
  static final int LARGEST_BODY = 16 << 20;

  /** Only programs on this machine can reach it. */
  private static final String HOST = "127.0.0.1";

  private static final int SECONDS_TO_FINISH = 30;
  private static final HttpString REQUEST_ID = new HttpString("x-request-id");
  private static final Gson GSON = new Gson();

  private final String name;
  private final ZooModel<Input, Output> model;
  private final Predictor<Input, Output> predictor;
  private final ExecutorService predictions = Executors.newSingleThreadExecutor();
  private final Undertow undertow;

  private InferenceServer(String name, ZooModel<Input, Output> model, int port) {
    this.name = name;
    this.model = model;
    this.predictor = model.newPredictor();
    this.undertow =
        Undertow.builder()
            .addHttpListener(port, HOST)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) LARGEST_BODY)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 60_000)
            .setHandler(routes())
            .build();
  }

  /**
   * Loads the bundle, checks that it predicts its golden picture, and begins to listen.
   *
   * @param port of 127.0.0.1 to listen on; 0 for any free one
   * @throws Refusal if the bundle does not load or the port is taken
   * @throws IOException if a file cannot be read
   */
  public static InferenceServer start(Bundle bundle, int port) throws IOException {
    Classifier.load(bundle).close(); // refuses a bundle that does not predict its golden picture
    InferenceServer server = new InferenceServer(bundle.manifest().name(), load(bundle), port);
    try {
      server.undertow.start();
      return server;
    } catch (RuntimeException e) {
      server.close();
      if (e.getCause() instanceof BindException) {
        throw Refusal.of(
            "a free port",
            "%s:%d in use".formatted(HOST, port),
            "Stop what listens there or choose another --port.");
      }
      throw e;
    }
  }

  /** As DJL Serving does: by the block factory and translator that the bundle names. */
  private static ZooModel<Input, Output> load(Bundle bundle) throws IOException {
    try {
      return Criteria.builder()
          .setTypes(Input.class, Output.class)
          .optModelPath(bundle.folder())
          .optTranslator(new XrayTranslator())
          .build()
          .loadModel();
    } catch (ModelNotFoundException | MalformedModelException e) {
      throw new IllegalStateException("a checked bundle does not load", e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  private HttpHandler routes() {
    RoutingHandler routes =
        Handlers.routing()
            .get("/ping", this::ping)
            .post("/ping", this::ping)
            .post("/predictions/{model}", this::predict);
    routes.setFallbackHandler(
        exchange ->
            fail(
                exchange,
                StatusCodes.NOT_FOUND,
                "ResourceNotFoundException",
                "Requested resource is not found, please refer to API document."));
    routes.setInvalidMethodHandler(
        exchange ->
            fail(
                exchange,
                StatusCodes.METHOD_NOT_ALLOWED,
                "MethodNotAllowedException",
                "Requested method is not allowed, please refer to API document."));
    return exchange -> {
      exchange.getResponseHeaders().put(REQUEST_ID, UUID.randomUUID().toString());
      exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
      routes.handleRequest(exchange);
    };
  }

  private void ping(HttpServerExchange exchange) {
    JsonObject healthy = new JsonObject();
    healthy.addProperty("status", "Healthy");
    JsonObject models = new JsonObject();
    models.add(name, healthy);
    answer(exchange, StatusCodes.OK, models);
  }

  private void predict(HttpServerExchange exchange) {
    String asked =
        exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY).getParameters().get("model");
    if (!name.equals(asked)) {
      fail(
          exchange,
          StatusCodes.NOT_FOUND,
          "ModelNotFoundException",
          "Model or workflow not found: " + asked);
      return;
    }
    exchange.getRequestReceiver().setMaxBufferSize(LARGEST_BODY);
    exchange
        .getRequestReceiver()
        .receiveFullBytes(
            (received, body) -> received.dispatch(predictions, () -> predict(received, body)),
            (received, failure) -> tooLarge(received));
  }

  private void predict(HttpServerExchange exchange, byte[] body) {
    Input input = new Input();
    input.add("data", body);
    try {
      byte[] answer = predictor.predict(input).getData().getAsBytes();
      exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
      exchange.getResponseSender().send(ByteBuffer.wrap(answer));
    } catch (TranslateException e) {
      Throwable cause = e.getCause() instanceof IOException ? e.getCause() : e;
      fail(
          exchange,
          StatusCodes.BAD_REQUEST,
          "TranslateException",
          String.valueOf(cause.getMessage()));
    }
  }

  private static void tooLarge(HttpServerExchange exchange) {
    exchange.setPersistent(false);
    fail(
        exchange,
        StatusCodes.REQUEST_ENTITY_TOO_LARGE,
        "RequestEntityTooLargeException",
        "Expected a body of at most 16 MiB. Send a smaller image.");
  }

  private static void fail(HttpServerExchange exchange, int code, String type, String message) {
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    error.addProperty("type", type);
    error.addProperty("message", message);
    answer(exchange, code, error);
  }

  private static void answer(HttpServerExchange exchange, int code, JsonObject body) {
    exchange.setStatusCode(code);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseSender().send(GSON.toJson(body), StandardCharsets.UTF_8);
  }

  /** Stops listening, finishes what was begun and frees the model. */
  @Override
  public void close() {
    undertow.stop();
    predictions.shutdown();
    try {
      if (!predictions.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
        predictions.shutdownNow();
      }
    } catch (InterruptedException e) {
      predictions.shutdownNow();
      Thread.currentThread().interrupt();
    }
    predictor.close();
    model.close();
  }
}
