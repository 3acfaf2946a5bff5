package dev.cxr.serve.http;

import dev.cxr.serve.http.ModelDescriptions.Health;
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

/** Dispatches requests to handlers by path and method. */
final class Router implements HttpHandler {

  /** The limits of DJL Serving. */
  private static final int MAX_REQUEST_LINE = 4096;

  private static final int MAX_HEADERS_LENGTH = 8192;

  private static final Pattern SLASH = Pattern.compile("/");
  private static final Set<HttpString> READ_METHODS = Set.of(Methods.GET, Methods.HEAD);
  private static final Set<HttpString> PREDICT_METHODS = Set.of(Methods.POST);
  private static final Set<HttpString> PING_METHODS =
      Set.of(Methods.GET, Methods.HEAD, Methods.POST);
  private static final AttachmentKey<Endpoint> ENDPOINT = AttachmentKey.create(Endpoint.class);

  private final ModelRegistry models;
  private final ModelDescriptions descriptions;
  private final PredictionHandler predictions;
  private final ServerMetrics metrics;
  private final BooleanSupplier accepting;
  private final Map<String, StaticFile> staticFiles;

  Router(
      ModelRegistry models,
      ModelDescriptions descriptions,
      PredictionHandler predictions,
      ServerMetrics metrics,
      BooleanSupplier accepting) {
    this.models = models;
    this.descriptions = descriptions;
    this.predictions = predictions;
    this.metrics = metrics;
    this.accepting = accepting;
    this.staticFiles = StaticFile.all();
  }

  /** The endpoint of a request, for the metrics. */
  static Endpoint endpoint(HttpServerExchange exchange) {
    Endpoint endpoint = exchange.getAttachment(ENDPOINT);
    return endpoint == null ? Endpoint.OTHER : endpoint;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws IOException {
    if (isHeadTooLong(exchange)) {
      Responses.failAndClose(exchange, ApiError.HEAD_TOO_LONG);
      return;
    }
    if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
      Responses.ok(exchange, Map.of());
      return;
    }
    route(exchange, exchange.getRelativePath());
  }

  private static boolean isHeadTooLong(HttpServerExchange exchange) {
    if (exchange.getRequestURI().length() + exchange.getQueryString().length() > MAX_REQUEST_LINE) {
      return true;
    }
    int length = 0;
    for (HeaderValues values : exchange.getRequestHeaders()) {
      for (String value : values) {
        length += values.getHeaderName().length() + value.length() + 4; // colon, space, CR, LF
      }
    }
    return length > MAX_HEADERS_LENGTH;
  }

  private void route(HttpServerExchange exchange, String path) throws IOException {
    StaticFile file = staticFiles.get(path);
    if (file != null) {
      boolean isApi = path.equals("/openapi.json");
      // Like DJL Serving, which has no page, "/" does not exist for other methods.
      boolean exists = !path.equals("/") || READ_METHODS.contains(exchange.getRequestMethod());
      if (allows(exchange, isApi ? Endpoint.OPENAPI : Endpoint.PAGE, exists, READ_METHODS)) {
        file.send(exchange);
      }
      return;
    }
    List<String> parts = List.of(SLASH.split(path.substring(1), -1));
    String second = part(parts, 1);
    switch (parts.get(0)) {
      case "ping" -> ping(exchange, parts);
      case "models" -> models(exchange, parts);
      case "bundles" -> {
        if (allows(exchange, Endpoint.BUNDLES, parts.size() == 1, READ_METHODS)) {
          Responses.ok(exchange, descriptions.bundles());
        }
      }
      case "predictions" -> {
        if (allows(exchange, Endpoint.PREDICTION, !second.isEmpty(), PREDICT_METHODS)) {
          predict(exchange, second, part(parts, 2));
        }
      }
      case "invocations" -> {
        if (allows(exchange, Endpoint.PREDICTION, isLast(parts, 0), PREDICT_METHODS)) {
          invoke(exchange);
        }
      }
      case "metrics" -> metrics(exchange, isLast(parts, 0));
      case "server" -> metrics(exchange, second.equals("metrics") && isLast(parts, 1));
      default -> Responses.fail(exchange, ApiError.UNKNOWN_PATH);
    }
  }

  /** Whether the path ends at this part, apart from a trailing slash. */
  private static boolean isLast(List<String> parts, int index) {
    return parts.size() == index + 1
        || (parts.size() == index + 2 && parts.get(index + 1).isEmpty());
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  /** Fails with 404 or 405, or records the endpoint for the metrics and returns true. */
  private static boolean allows(
      HttpServerExchange exchange, Endpoint endpoint, boolean exists, Set<HttpString> methods) {
    if (!exists) {
      Responses.fail(exchange, ApiError.UNKNOWN_PATH);
      return false;
    }
    exchange.putAttachment(ENDPOINT, endpoint);
    if (!methods.contains(exchange.getRequestMethod())) {
      Responses.fail(exchange, ApiError.METHOD_NOT_ALLOWED);
      return false;
    }
    return true;
  }

  private void ping(HttpServerExchange exchange, List<String> parts) {
    if (allows(exchange, Endpoint.PING, isLast(parts, 0), PING_METHODS)) {
      Map<String, Health> health = descriptions.health(accepting.getAsBoolean());
      boolean healthy = health.values().stream().allMatch(Health.HEALTHY::equals);
      int status = healthy ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE;
      Responses.json(exchange, status, health);
    }
  }

  private void metrics(HttpServerExchange exchange, boolean exists) throws IOException {
    if (allows(exchange, Endpoint.METRICS, exists, READ_METHODS)) {
      Collection<String> names = exchange.getQueryParameters().get("name[]");
      byte[] text = metrics.scrape(names == null ? List.of() : names);
      Responses.send(exchange, StatusCodes.OK, ServerMetrics.CONTENT_TYPE, text);
    }
  }

  private void models(HttpServerExchange exchange, List<String> parts) {
    String name = part(parts, 1);
    String third = part(parts, 2);
    if (name.isEmpty()) {
      if (allows(exchange, Endpoint.MODELS, isLast(parts, 0), READ_METHODS)) {
        list(exchange);
      }
    } else if (third.equals("invoke")) {
      if (allows(exchange, Endpoint.PREDICTION, isLast(parts, 2), PREDICT_METHODS)) {
        predict(exchange, name, "");
      }
    } else if (allows(
        exchange, Endpoint.MODELS, isLast(parts, 1) || isLast(parts, 2), READ_METHODS)) {
      describe(exchange, name, third);
    }
  }

  private void list(HttpServerExchange exchange) {
    try {
      int limit = Integer.parseInt(parameter(exchange, "limit").orElse("100"));
      int offset = Integer.parseInt(parameter(exchange, "next_page_token").orElse("0"));
      Responses.ok(exchange, descriptions.list(limit, offset));
    } catch (NumberFormatException e) {
      Responses.fail(exchange, ApiError.invalidNumber(e));
    }
  }

  private void describe(HttpServerExchange exchange, String name, String version) {
    List<ServedModel> versions =
        version.isEmpty()
            ? models.versions(name)
            : models.find(name, version).map(List::of).orElse(List.of());
    if (versions.isEmpty()) {
      String what = version.isEmpty() ? name : "Workflow not found: %s/%s".formatted(name, version);
      Responses.fail(exchange, ApiError.unknownModel("Workflow not found: " + what));
    } else {
      Responses.ok(exchange, versions.stream().map(descriptions::describe).toList());
    }
  }

  private void predict(HttpServerExchange exchange, String name, String version) {
    Optional<ServedModel> model =
        version.isEmpty() ? models.find(name) : models.find(name, version);
    if (model.isEmpty()) {
      Responses.fail(exchange, ApiError.unknownModel("Model or workflow not found: " + name));
    } else {
      predictions.handle(exchange, model.get());
    }
  }

  private void invoke(HttpServerExchange exchange) {
    Optional<String> name =
        parameter(exchange, "model_name")
            .or(() -> Optional.ofNullable(exchange.getRequestHeaders().getFirst("model_name")));
    String version = parameter(exchange, "model_version").orElse("");
    if (name.isPresent()) {
      predict(exchange, name.get(), version);
    } else if (models.single().isPresent()) {
      predict(exchange, models.names().get(0), version);
    } else {
      Responses.fail(exchange, ApiError.MISSING_MODEL_NAME);
    }
  }

  private static Optional<String> parameter(HttpServerExchange exchange, String name) {
    Deque<String> values = exchange.getQueryParameters().get(name);
    return Optional.ofNullable(values).map(Deque::peekFirst);
  }
}
