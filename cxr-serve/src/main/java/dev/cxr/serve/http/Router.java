package dev.cxr.serve.http;

import dev.cxr.serve.http.ModelDescriptions.Health;
import dev.cxr.serve.inference.ServedModel;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dispatches requests to handlers by path and method. */
final class Router implements HttpHandler {

  /** The limits of DJL Serving. */
  private static final int MAX_REQUEST_LINE = 4096;

  private static final int MAX_HEADERS_LENGTH = 8192;

  private static final Set<HttpString> READ_METHODS = Set.of(Methods.GET, Methods.HEAD);
  private static final Set<HttpString> PREDICT_METHODS = Set.of(Methods.POST);
  private static final Set<HttpString> PING_METHODS =
      Set.of(Methods.GET, Methods.HEAD, Methods.POST);
  private static final AttachmentKey<String> ENDPOINT = AttachmentKey.create(String.class);

  private final ModelRegistry models;
  private final ModelDescriptions descriptions;
  private final PredictionHandler predictions;
  private final ServerMetrics metrics;
  private final BooleanSupplier accepting;
  private final List<Route> routes = new ArrayList<>();

  /**
   * The requests of one endpoint.
   *
   * @param path the whole path, with the model and version as groups; possessive, so that no path
   *     takes long to match
   * @param endpoint label in the metrics, in place of the path, which clients choose freely
   */
  private record Route(
      Pattern path, String endpoint, Set<HttpString> methods, RouteHandler handler) {}

  private interface RouteHandler {
    void handle(HttpServerExchange exchange, MatchResult path) throws IOException;
  }

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
    StaticFile.all().forEach(this::addStaticFile);
    add("/ping/?", "ping", PING_METHODS, (exchange, path) -> ping(exchange));
    add("/models/?", "models", READ_METHODS, (exchange, path) -> list(exchange));
    add(
        "/models/([^/]++)/invoke/?",
        "prediction",
        PREDICT_METHODS,
        (exchange, path) -> predict(exchange, path.group(1), ""));
    add(
        "/models/([^/]++)/?([^/]*+)/?",
        "models",
        READ_METHODS,
        (exchange, path) -> describe(exchange, path.group(1), path.group(2)));
    add(
        "/bundles",
        "bundles",
        READ_METHODS,
        (exchange, path) -> Responses.ok(exchange, descriptions.bundles()));
    add(
        "/predictions/([^/]++)/?([^/]*+)(?:/.*)?",
        "prediction",
        PREDICT_METHODS,
        (exchange, path) -> predict(exchange, path.group(1), path.group(2)));
    add("/invocations/?", "prediction", PREDICT_METHODS, (exchange, path) -> invoke(exchange));
    add("/(?:server/)?metrics/?", "metrics", READ_METHODS, (exchange, path) -> metrics(exchange));
  }

  private void add(String path, String endpoint, Set<HttpString> methods, RouteHandler handler) {
    routes.add(new Route(Pattern.compile(path, Pattern.DOTALL), endpoint, methods, handler));
  }

  private void addStaticFile(String path, StaticFile file) {
    String endpoint = path.equals("/openapi.json") ? "openapi" : "page";
    add(Pattern.quote(path), endpoint, READ_METHODS, (exchange, match) -> file.send(exchange));
  }

  /** The endpoint of a request, for the metrics. */
  static String endpoint(HttpServerExchange exchange) {
    return Objects.requireNonNullElse(exchange.getAttachment(ENDPOINT), "other");
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws IOException {
    HttpString method = exchange.getRequestMethod();
    if (isHeadTooLong(exchange)) {
      Responses.failAndClose(exchange, ApiError.HEAD_TOO_LONG);
      return;
    }
    if (method.equals(Methods.OPTIONS)) {
      Responses.ok(exchange, Map.of());
      return;
    }
    String path = exchange.getRelativePath();
    for (Route route : routes) {
      Matcher match = route.path().matcher(path);
      boolean isAllowed = route.methods().contains(method);
      // Like DJL Serving, which has no page, "/" does not exist for other methods.
      if (match.matches() && (isAllowed || !path.equals("/"))) {
        exchange.putAttachment(ENDPOINT, route.endpoint());
        if (isAllowed) {
          route.handler().handle(exchange, match);
        } else {
          Responses.fail(exchange, ApiError.METHOD_NOT_ALLOWED);
        }
        return;
      }
    }
    Responses.fail(exchange, ApiError.UNKNOWN_PATH);
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

  private void ping(HttpServerExchange exchange) {
    // The action sends the response, whatever the outcome.
    exchange.dispatch(
        SameThreadExecutor.INSTANCE,
        () -> {
          var unused =
              descriptions
                  .checkHealth(accepting.getAsBoolean())
                  .thenAccept(
                      health -> exchange.getIoThread().execute(() -> sendHealth(exchange, health)));
        });
  }

  private static void sendHealth(HttpServerExchange exchange, Map<String, Health> health) {
    boolean healthy = health.values().stream().allMatch(Health.HEALTHY::equals);
    int status = healthy ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE;
    Responses.json(exchange, status, health);
  }

  private void metrics(HttpServerExchange exchange) throws IOException {
    Collection<String> names = exchange.getQueryParameters().get("name[]");
    byte[] text = metrics.scrape(names == null ? List.of() : names);
    Responses.send(exchange, StatusCodes.OK, ServerMetrics.CONTENT_TYPE, text);
  }

  private void list(HttpServerExchange exchange) {
    try {
      int limit = Integer.parseInt(PredictionHandler.parameter(exchange, "limit").orElse("100"));
      int offset =
          Integer.parseInt(PredictionHandler.parameter(exchange, "next_page_token").orElse("0"));
      Responses.ok(exchange, descriptions.list(limit, offset));
    } catch (NumberFormatException e) {
      Responses.fail(exchange, ApiError.invalidNumber(e));
    }
  }

  private void describe(HttpServerExchange exchange, String name, String version) {
    List<ServedModel> versions = models.find(name, version);
    if (versions.isEmpty()) {
      String what = version.isEmpty() ? name : "Workflow not found: %s/%s".formatted(name, version);
      Responses.fail(exchange, ApiError.unknownModel("Workflow not found: " + what));
    } else {
      Responses.ok(exchange, versions.stream().map(descriptions::describe).toList());
    }
  }

  private void predict(HttpServerExchange exchange, String name, String version) {
    List<ServedModel> versions = models.find(name, version);
    if (versions.isEmpty()) {
      Responses.fail(exchange, ApiError.unknownModel("Model or workflow not found: " + name));
    } else {
      predictions.handle(exchange, versions.get(0));
    }
  }

  private void invoke(HttpServerExchange exchange) {
    Optional<String> name =
        PredictionHandler.parameter(exchange, "model_name")
            .or(() -> Optional.ofNullable(exchange.getRequestHeaders().getFirst("model_name")));
    String version = PredictionHandler.parameter(exchange, "model_version").orElse("");
    if (name.isPresent()) {
      predict(exchange, name.get(), version);
    } else if (models.names().size() == 1) {
      predict(exchange, models.names().get(0), version);
    } else {
      Responses.fail(exchange, ApiError.MISSING_MODEL_NAME);
    }
  }
}
