package dev.cxr.serve.http;

import dev.cxr.serve.inference.ServedModel;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which path is answered by whom. */
final class Routes implements HttpHandler {

  /** As DJL Serving has them. */
  private static final int LONGEST_LINE = 4096;

  private static final int LONGEST_HEADERS = 8192;

  private static final Pattern SLASH = Pattern.compile("/");
  private static final Set<HttpString> READING = Set.of(Methods.GET, Methods.HEAD);
  private static final Set<HttpString> ASKING = Set.of(Methods.POST);
  private static final Set<HttpString> EITHER = Set.of(Methods.GET, Methods.HEAD, Methods.POST);
  private static final AttachmentKey<Endpoint> ENDPOINT = AttachmentKey.create(Endpoint.class);

  private final ModelDirectory models;
  private final Descriptions descriptions;
  private final PredictionHandler predictions;
  private final Metrics metrics;
  private final BooleanSupplier ready;
  private final Map<String, StaticPage> files;

  Routes(
      ModelDirectory models,
      Descriptions descriptions,
      PredictionHandler predictions,
      Metrics metrics,
      BooleanSupplier ready) {
    this.models = models;
    this.descriptions = descriptions;
    this.predictions = predictions;
    this.metrics = metrics;
    this.ready = ready;
    this.files =
        Map.of(
            "page.html", StaticPage.read("page.html"),
            "page.css", StaticPage.read("page.css"),
            "page.js", StaticPage.read("page.js"),
            "icon.svg", StaticPage.read("icon.svg"),
            "openapi.json", StaticPage.read("openapi.json"));
  }

  /** What a request that was routed asked for. */
  static Endpoint endpoint(HttpServerExchange exchange) {
    Endpoint endpoint = exchange.getAttachment(ENDPOINT);
    return endpoint == null ? Endpoint.OTHER : endpoint;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws IOException {
    if (isHeadTooLong(exchange)) {
      Reply.failAndClose(exchange, ApiError.HEAD_TOO_LONG);
      return;
    }
    if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
      Reply.ok(exchange, Map.of());
      return;
    }
    route(exchange, exchange.getRelativePath());
  }

  private static boolean isHeadTooLong(HttpServerExchange exchange) {
    if (exchange.getRequestURI().length() + exchange.getQueryString().length() > LONGEST_LINE) {
      return true;
    }
    int length = 0;
    for (HeaderValues values : exchange.getRequestHeaders()) {
      for (String value : values) {
        length += values.getHeaderName().length() + value.length() + 4; // colon, space, CR, LF
      }
    }
    return length > LONGEST_HEADERS;
  }

  private void route(HttpServerExchange exchange, String path) throws IOException {
    Optional<String> file = StaticPage.at(path);
    if (file.isPresent()) {
      if (!path.equals("/") || READING.contains(exchange.getRequestMethod())) {
        file(exchange, Endpoint.PAGE, file.get());
      } else {
        Reply.fail(exchange, ApiError.UNKNOWN_PATH); // as DJL Serving, which has no page
      }
      return;
    }
    List<String> parts = List.of(SLASH.split(path.substring(1), -1));
    String second = part(parts, 1);
    switch (parts.get(0)) {
      case "ping" -> ping(exchange, parts);
      case "models" -> models(exchange, parts);
      case "bundles" -> {
        if (allows(exchange, Endpoint.BUNDLES, parts.size() == 1, READING)) {
          Reply.ok(exchange, descriptions.bundles());
        }
      }
      case "predictions" -> {
        if (allows(exchange, Endpoint.PREDICTION, !second.isEmpty(), ASKING)) {
          predict(exchange, second, part(parts, 2));
        }
      }
      case "invocations" -> {
        if (allows(exchange, Endpoint.PREDICTION, isLast(parts, 0), ASKING)) {
          invoke(exchange);
        }
      }
      case "metrics" -> metrics(exchange, isLast(parts, 0));
      case "server" -> metrics(exchange, second.equals("metrics") && isLast(parts, 1));
      case "openapi.json" -> file(exchange, Endpoint.OPENAPI, "openapi.json");
      default -> Reply.fail(exchange, ApiError.UNKNOWN_PATH);
    }
  }

  /** Whether nothing follows but perhaps a slash. */
  private static boolean isLast(List<String> parts, int index) {
    return parts.size() == index + 1
        || (parts.size() == index + 2 && parts.get(index + 1).isEmpty());
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  /** Fails what is not there or not meant; else says for the metrics what was asked. */
  private static boolean allows(
      HttpServerExchange exchange, Endpoint endpoint, boolean exists, Set<HttpString> methods) {
    if (!exists) {
      Reply.fail(exchange, ApiError.UNKNOWN_PATH);
      return false;
    }
    exchange.putAttachment(ENDPOINT, endpoint);
    if (!methods.contains(exchange.getRequestMethod())) {
      Reply.fail(exchange, ApiError.WRONG_METHOD);
      return false;
    }
    return true;
  }

  private void file(HttpServerExchange exchange, Endpoint endpoint, String name) {
    StaticPage file = files.get(name);
    if (file != null && allows(exchange, endpoint, true, READING)) {
      file.answer(exchange);
    }
  }

  private void ping(HttpServerExchange exchange, List<String> parts) {
    if (allows(exchange, Endpoint.PING, isLast(parts, 0), EITHER)) {
      if (ready.getAsBoolean()) {
        Reply.ok(exchange, descriptions.health("Healthy"));
      } else {
        Reply.json(exchange, StatusCodes.SERVICE_UNAVAILABLE, descriptions.health("Unhealthy"));
      }
    }
  }

  private void metrics(HttpServerExchange exchange, boolean exists) throws IOException {
    if (allows(exchange, Endpoint.METRICS, exists, READING)) {
      Collection<String> names = exchange.getQueryParameters().get("name[]");
      byte[] text = metrics.text(names == null ? List.of() : names);
      Reply.bytes(exchange, StatusCodes.OK, Metrics.TYPE, text);
    }
  }

  private void models(HttpServerExchange exchange, List<String> parts) {
    String name = part(parts, 1);
    String third = part(parts, 2);
    if (name.isEmpty()) {
      if (allows(exchange, Endpoint.MODELS, isLast(parts, 0), READING)) {
        list(exchange);
      }
    } else if (third.equals("invoke")) {
      if (allows(exchange, Endpoint.PREDICTION, isLast(parts, 2), ASKING)) {
        predict(exchange, name, "");
      }
    } else if (allows(exchange, Endpoint.MODELS, isLast(parts, 1) || isLast(parts, 2), READING)) {
      describe(exchange, name, third);
    }
  }

  private void list(HttpServerExchange exchange) {
    String limit = parameter(exchange, "limit").orElse("100");
    String from = parameter(exchange, "next_page_token").orElse("0");
    int[] numbers = new int[2];
    String[] texts = {limit, from};
    for (int i = 0; i < texts.length; i++) {
      try {
        numbers[i] = Integer.parseInt(texts[i]);
      } catch (NumberFormatException e) {
        Reply.fail(exchange, ApiError.notANumber(texts[i]));
        return;
      }
    }
    Reply.ok(exchange, descriptions.list(numbers[0], numbers[1]));
  }

  private void describe(HttpServerExchange exchange, String name, String version) {
    List<ServedModel> versions =
        version.isEmpty()
            ? models.versions(name)
            : models.find(name, version).map(List::of).orElse(List.of());
    if (versions.isEmpty()) {
      String what = version.isEmpty() ? name : "Workflow not found: %s/%s".formatted(name, version);
      Reply.fail(exchange, ApiError.unknownModel("Workflow not found: " + what));
    } else {
      Reply.ok(exchange, descriptions.describe(versions));
    }
  }

  private void predict(HttpServerExchange exchange, String name, String version) {
    predict(exchange, name, version.isEmpty() ? models.find(name) : models.find(name, version));
  }

  private void predict(HttpServerExchange exchange, String name, Optional<ServedModel> model) {
    if (model.isEmpty()) {
      Reply.fail(exchange, ApiError.unknownModel("Model or workflow not found: " + name));
    } else {
      predictions.handle(exchange, model.get());
    }
  }

  private void invoke(HttpServerExchange exchange) {
    Optional<String> name =
        parameter(exchange, "model_name")
            .or(() -> optional(exchange.getRequestHeaders().getFirst("model_name")));
    String version = parameter(exchange, "model_version").orElse("");
    if (name.isPresent()) {
      predict(exchange, name.get(), version);
    } else if (models.only().isPresent()) {
      predict(exchange, models.names().get(0), version);
    } else {
      Reply.fail(exchange, ApiError.NO_MODEL_NAMED);
    }
  }

  private static Optional<String> parameter(HttpServerExchange exchange, String name) {
    Deque<String> values = exchange.getQueryParameters().get(name);
    return values == null ? Optional.empty() : optional(values.peekFirst());
  }

  private static Optional<String> optional(@Nullable String value) {
    return Optional.ofNullable(value);
  }
}
