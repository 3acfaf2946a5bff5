package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays requests that were recorded with DJL Serving 0.36.0 and compares the responses: status,
 * content type and body, except probabilities, because the models differ. Intended differences are
 * in the table below and in the README.
 */
class DjlServingContractTest {

  private static final Map<String, String> NAMES =
      Map.of(
          "cxr_builtin", "random",
          "cxr_custom", "other",
          "good", "random",
          "tiny_ts", "random",
          "ts_named", "random",
          "tiny", "random",
          "batchy", "random",
          "cxr", "random",
          "ver", "versioned");

  /** States that do not exist here: models that failed to load, are loading, or were removed. */
  private static final Pattern UNREACHABLE_STATES =
      Pattern.compile(
          "models_list_failed|ping_failed_model|predict_failed_model|predict_pending_model"
              + "|describe_failed|ping_after_.*|predict_after_.*|predict_async_fetch.*");

  /** Concurrent requests (OverloadTest), or what Java's client cannot send (LimitsTest). */
  private static final Pattern TESTED_ELSEWHERE =
      Pattern.compile("batch_poison|queue_overflow|limit_over_expect");

  /**
   * An intended difference.
   *
   * @param reason the first words of its row in the README's table
   */
  private record Difference(Pattern names, int status, String reason) {}

  private static final List<Difference> DIFFERENCES =
      List.of(
          difference("(register|delete|scale|variant)_.*", 405, "managing models"),
          difference("predict_(curlT_put|delete|get)", 405, "other methods"),
          difference("predict_truncated_jpeg", 400, "a truncated image"),
          difference("predict_(bmp|gif)", 400, "BMP and GIF"),
          difference("predict_form_urlencoded", 200, "a body declared as a form"),
          difference("predict_gzip", 200, "a body compressed with gzip"),
          difference("predict_multipart_two_files", 400, "two files in one multipart form"),
          difference("predict_query_data", 200, "`?data=`"),
          difference("predict_multipart_field_first_image", 200, "a text field before the file"),
          difference("predict_async", 200, "asynchronous requests"),
          difference("predict_async_badtoken", 400, "asynchronous requests"),
          difference("predict_custom", 200, "other translators"),
          difference("limit_over_.*", 413, "a body over the limit"),
          difference("metrics_(root|server|prometheus|prometheus_filter)", 200, "metrics"),
          difference("root_get", 200, "`GET /`"));

  private static Difference difference(String names, int status, String reason) {
    return new Difference(Pattern.compile(names), status, reason);
  }

  private static TestServer several;
  private static TestServer single;

  @BeforeAll
  static void start(@TempDir Path scratch) throws Exception {
    RandomBundle versioned = RandomBundle.SMALL.withName("versioned");
    several =
        TestServer.start(
            scratch.resolve("several"),
            RandomBundle.SMALL,
            RandomBundle.SMALL.withName("other"),
            versioned,
            versioned.withSeed(8));
    single = TestServer.start(scratch.resolve("single"), RandomBundle.SMALL);
  }

  @AfterAll
  static void stop() {
    several.close();
    single.close();
  }

  /** A recorded exchange; test reports show its name. */
  private record Exchange(String name, JsonObject request, JsonObject response) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Exchange> all() throws IOException {
    try (InputStream in =
        DjlServingContractTest.class.getResourceAsStream("djl-serving-0.36.0.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .map(
              e ->
                  new Exchange(
                      e.get("name").getAsString(),
                      e.getAsJsonObject("request"),
                      e.getAsJsonObject("response")))
          .toList();
    }
  }

  static Stream<Exchange> replayed() throws IOException {
    return all().stream()
        .filter(e -> !UNREACHABLE_STATES.matcher(e.name()).matches())
        .filter(e -> !TESTED_ELSEWHERE.matcher(e.name()).matches());
  }

  @Test
  void replaysNearlyEveryExchange() throws IOException {
    assertThat(all()).hasSize(146);
    assertThat(replayed()).hasSizeGreaterThan(125);
  }

  @ParameterizedTest
  @MethodSource("replayed")
  void respondsLikeDjlServingExceptDocumentedDifferences(Exchange exchange) throws Exception {
    TestServer server =
        exchange.name().matches("invocations_single|single_predict_version") ? single : several;
    HttpResponse<String> response = server.send(request(exchange, server));
    Optional<Difference> difference =
        DIFFERENCES.stream().filter(d -> d.names().matcher(exchange.name()).matches()).findFirst();
    int expectedStatus = exchange.response().get("status").getAsInt();

    assertThat(response.statusCode())
        .as(exchange.name())
        .isEqualTo(difference.map(Difference::status).orElse(expectedStatus));
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
    if (difference.isEmpty()) {
      assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
      assertSame(exchange, response.body());
    } else if (response.statusCode() >= 400) {
      assertThat(JsonParser.parseString(response.body()).getAsJsonObject().keySet())
          .containsExactly("code", "type", "message");
    }
  }

  @Test
  void everyDifferenceIsInTheReadme() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertThat(DIFFERENCES)
        .allSatisfy(difference -> assertThat(readme).contains("| " + difference.reason()));
  }

  private static void assertSame(Exchange exchange, String body) {
    JsonElement theirs = exchange.response().get("body");
    if (theirs.isJsonPrimitive()) { // HEAD
      assertThat(body).isEqualTo(theirs.getAsString());
      return;
    }
    JsonElement ours = JsonParser.parseString(body);
    if (ours.isJsonObject() && ours.getAsJsonObject().has("code")) {
      assertSameError(exchange, theirs.getAsJsonObject(), ours.getAsJsonObject());
    } else if (isClassification(theirs)) {
      assertThat(isClassification(ours)).as(body).isTrue();
      assertThat(keys(ours.getAsJsonArray().get(0)))
          .isEqualTo(keys(theirs.getAsJsonArray().get(0)));
    } else if (exchange.request().get("path").getAsString().startsWith("/ping")
        || exchange.name().startsWith("cors_ping")) {
      assertThat(ours.getAsJsonObject().asMap().values()).containsOnly(healthy());
    } else {
      assertHasAll(theirs, ours);
    }
  }

  private static JsonObject healthy() {
    JsonObject healthy = new JsonObject();
    healthy.addProperty("status", "Healthy");
    return healthy;
  }

  /** Messages about invalid images differ. */
  private static void assertSameError(Exchange exchange, JsonObject theirs, JsonObject ours) {
    assertThat(ours.get("code")).isEqualTo(theirs.get("code"));
    assertThat(ours.get("type")).isEqualTo(theirs.get("type"));
    assertThat(ours.keySet()).isEqualTo(theirs.keySet());
    if (!theirs.get("type").getAsString().equals("TranslateException")) {
      assertThat(ours.get("message").getAsString())
          .as(exchange.name())
          .isEqualTo(renamed(theirs.get("message").getAsString()));
    }
  }

  private static boolean isClassification(JsonElement element) {
    return element.isJsonArray()
        && !element.getAsJsonArray().isEmpty()
        && keys(element.getAsJsonArray().get(0)).containsKey("className");
  }

  private static Map<String, JsonElement> keys(JsonElement element) {
    Map<String, JsonElement> keys = new TreeMap<>();
    if (element.isJsonObject()) {
      element.getAsJsonObject().keySet().forEach(key -> keys.put(key, new JsonObject()));
    }
    return keys;
  }

  /** Ours has all keys of theirs, at the same place, with values of the same type. */
  private static void assertHasAll(JsonElement theirs, JsonElement ours) {
    if (theirs.isJsonObject()) {
      JsonObject object = ours.getAsJsonObject();
      theirs
          .getAsJsonObject()
          .asMap()
          .forEach(
              (name, value) -> {
                assertThat(object.keySet()).contains(name);
                assertHasAll(value, object.get(name));
              });
    } else if (theirs.isJsonArray()) {
      JsonArray array = ours.getAsJsonArray();
      assertThat(array.isEmpty()).isEqualTo(theirs.getAsJsonArray().isEmpty());
      if (!array.isEmpty()) {
        assertHasAll(theirs.getAsJsonArray().get(0), array.get(0));
      }
    } else {
      assertThat(ours.getAsJsonPrimitive().isNumber())
          .isEqualTo(theirs.getAsJsonPrimitive().isNumber());
      assertThat(ours.getAsJsonPrimitive().isString())
          .isEqualTo(theirs.getAsJsonPrimitive().isString());
    }
  }

  private static String renamed(String text) {
    return Pattern.compile("\\w+")
        .matcher(text)
        .replaceAll(word -> NAMES.getOrDefault(word.group(), word.group()));
  }

  private static HttpRequest request(Exchange exchange, TestServer server) {
    String path = exchange.request().get("path").getAsString();
    String mapped =
        renamed(path)
            .replace("versioned/1.0", "versioned/" + version(server, 2))
            .replace("versioned/2.0", "versioned/" + version(server, 3))
            .replace("model_version=2.0", "model_version=" + version(server, 3))
            .replace("name[]", "name%5B%5D");
    if (exchange.name().equals("single_predict_version")) {
      mapped = mapped.replace("/1.0", "/" + server.bundle(0).id());
    }
    HttpRequest.Builder request =
        server
            .request(mapped)
            .method(exchange.request().get("method").getAsString(), body(exchange));
    exchange
        .request()
        .getAsJsonObject("headers")
        .asMap()
        .forEach(
            (name, value) -> {
              if (!name.matches("(?i)connection|transfer-encoding|content-length")) {
                request.header(name, NAMES.getOrDefault(value.getAsString(), value.getAsString()));
              }
            });
    return request.build();
  }

  private static String version(TestServer server, int index) {
    return server == several ? server.bundle(index).id() : "";
  }

  /** The body that the recording describes. */
  private static BodyPublisher body(Exchange exchange) {
    JsonElement described = exchange.request().get("body");
    if (described.isJsonNull()) {
      return BodyPublishers.noBody();
    }
    byte[] jpeg = TestImages.jpeg(0);
    return switch (exchange.name()) {
      case "predict_multipart_data" -> form(part("data", "x.jpeg", jpeg));
      case "predict_multipart_two_files" ->
          form(part("data", "x.jpeg", jpeg), part("data", "y.jpeg", jpeg));
      case "predict_multipart_body" -> form(part("body", "x.jpeg", jpeg));
      case "predict_multipart_image" -> form(part("image", "x.jpeg", jpeg));
      case "predict_multipart_field_first_data" ->
          form(part("patient", null, bytes("someone")), part("data", "x.jpeg", jpeg));
      case "predict_multipart_field_first_image" ->
          form(part("patient", null, bytes("someone")), part("image", "x.jpeg", jpeg));
      case "predict_multipart_empty" -> form();
      case "predict_multipart_noboundary" -> BodyPublishers.ofByteArray(jpeg);
      case "predict_multipart_malformed" ->
          BodyPublishers.ofByteArray(
              join(bytes("--xx\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n"), jpeg));
      case "predict_png_gray" -> BodyPublishers.ofByteArray(TestImages.png(0));
      case "predict_png_rgb" -> BodyPublishers.ofByteArray(TestImages.colorPng(0));
      case "predict_png_gray16" -> BodyPublishers.ofByteArray(TestImages.png16(0));
      case "predict_bmp" -> BodyPublishers.ofByteArray(TestImages.encode("bmp", 0));
      case "predict_gif" -> BodyPublishers.ofByteArray(TestImages.encode("gif", 0));
      case "predict_not_image", "predict_custom_notimage" ->
          BodyPublishers.ofString("hello, I am not an image");
      case "predict_gzip" -> BodyPublishers.ofByteArray(gzip(jpeg));
      case "predict_truncated_jpeg" ->
          BodyPublishers.ofByteArray(Arrays.copyOf(jpeg, jpeg.length / 2));
      case "predict_truncated_jpeg_header" -> BodyPublishers.ofByteArray(Arrays.copyOf(jpeg, 100));
      case "limit_over_chunked" ->
          BodyPublishers.fromPublisher(
              BodyPublishers.ofByteArray(new byte[BodyReader.MAX_BODY_BYTES + 1]));
      case "limit_over_content_length" ->
          BodyPublishers.ofByteArray(new byte[BodyReader.MAX_BODY_BYTES + 1]);
      case "register_json_bad" -> BodyPublishers.ofString("{bad");
      default ->
          described.getAsString().contains("JPEG") || described.getAsString().contains("bytes")
              ? BodyPublishers.ofByteArray(jpeg)
              : BodyPublishers.noBody();
    };
  }

  private static byte[] gzip(byte[] bytes) {
    try (var out = new ByteArrayOutputStream()) {
      try (var packed = new GZIPOutputStream(out)) {
        packed.write(bytes);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] part(String name, @Nullable String file, byte[] content) {
    String head =
        "------form\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n"
            .formatted(name, file == null ? "" : "; filename=\"%s\"".formatted(file));
    return join(bytes(head), content, bytes("\r\n"));
  }

  private static BodyPublisher form(byte[]... parts) {
    return BodyPublishers.ofByteArray(join(join(parts), bytes("------form--\r\n")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
