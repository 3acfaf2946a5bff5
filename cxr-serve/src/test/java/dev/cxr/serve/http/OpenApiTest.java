package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.cxr.data.index.Task;
import dev.cxr.serve.support.Pictures;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What /openapi.json says is what is answered: every operation, by its schema. */
class OpenApiTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static TestServer server;
  private static JsonNode api;

  private enum Sent {
    NONE,
    JPEG
  }

  /** A request, and under which path of the description it stands. */
  private record Asked(String method, String template, String path, Sent body) {}

  @BeforeAll
  static void start(@TempDir Path scratch) throws Exception {
    server =
        TestServer.start(
            scratch,
            RandomBundle.SMALL,
            RandomBundle.SMALL.named("three").asking(Task.THREE_CLASS));
    api = MAPPER.readTree(server.get("/openapi.json").body());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Stream<Asked> everything() {
    String id = server.bundle(0).id();
    Sent none = Sent.NONE;
    Sent jpeg = Sent.JPEG;
    return Stream.of(
        new Asked("GET", "/ping", "/ping", none),
        new Asked("GET", "/models", "/models", none),
        new Asked("GET", "/models", "/models?limit=1", none),
        new Asked("GET", "/models", "/models?limit=x", none),
        new Asked("GET", "/models/{name}", "/models/random", none),
        new Asked("GET", "/models/{name}", "/models/nope", none),
        new Asked("GET", "/models/{name}/{version}", "/models/random/" + id, none),
        new Asked("GET", "/models/{name}/{version}", "/models/random/9", none),
        new Asked("POST", "/models/{name}/invoke", "/models/random/invoke", jpeg),
        new Asked("POST", "/predictions/{name}", "/predictions/random", jpeg),
        new Asked("POST", "/predictions/{name}", "/predictions/random", none),
        new Asked("POST", "/predictions/{name}", "/predictions/nope", jpeg),
        new Asked("POST", "/predictions/{name}", "/predictions/random?detail=true", jpeg),
        new Asked("POST", "/predictions/{name}", "/predictions/three", jpeg),
        new Asked(
            "POST", "/predictions/{name}", "/predictions/three?detail=true&picture=true", jpeg),
        new Asked("POST", "/predictions/{name}/{version}", "/predictions/random/" + id, jpeg),
        new Asked("POST", "/invocations", "/invocations?model_name=random", jpeg),
        new Asked("POST", "/invocations", "/invocations", jpeg),
        new Asked("GET", "/bundles", "/bundles", none),
        new Asked("GET", "/metrics", "/metrics", none),
        new Asked("GET", "/openapi.json", "/openapi.json", none),
        new Asked("GET", "/", "/", none));
  }

  @Test
  void everyAnswerIsAsDescribed() throws Exception {
    for (Asked asked : everything().toList()) {
      HttpResponse<String> answer =
          server.send(
              server
                  .request(asked.path())
                  .method(
                      asked.method(),
                      asked.method().equals("GET")
                          ? BodyPublishers.noBody()
                          : BodyPublishers.ofByteArray(
                              asked.body() == Sent.JPEG ? Pictures.jpeg(0) : new byte[0]))
                  .build());
      JsonNode operation =
          api.path("paths").path(asked.template()).path(asked.method().toLowerCase(Locale.ROOT));
      JsonNode described = operation.path("responses").path(String.valueOf(answer.statusCode()));
      assertThat(described.isMissingNode())
          .as("%s %s answers %d".formatted(asked.method(), asked.path(), answer.statusCode()))
          .isFalse();
      String type = answer.headers().firstValue("content-type").orElseThrow();
      JsonNode schema = described.path("content").path(type).path("schema");
      assertThat(schema.isMissingNode()).as("%s of %s", type, asked).isFalse();
      if (type.equals("application/json")) {
        assertThat(problems(schema, answer.body())).as("%s: %s", asked, answer.body()).isEmpty();
      }
    }
  }

  /** A schema that everything fits would prove nothing. */
  @Test
  void whatIsOtherwiseDoesNotFit() throws Exception {
    JsonNode error = MAPPER.readTree("{\"$ref\":\"#/components/schemas/Error\"}");
    assertThat(problems(error, "{\"code\":400,\"type\":\"x\",\"message\":\"y\"}")).isEmpty();
    assertThat(problems(error, "{\"code\":400,\"type\":\"x\"}")).isNotEmpty();
    assertThat(problems(error, "{\"code\":400,\"type\":\"x\",\"message\":\"y\",\"more\":1}"))
        .isNotEmpty();
  }

  @Test
  void everyOperationIsTriedHere() {
    Set<String> described = new HashSet<>();
    api.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertThat(everything().map(asked -> asked.method() + " " + asked.template()))
        .containsAll(described);
  }

  private static List<String> problems(JsonNode schema, String body) throws Exception {
    var whole = MAPPER.createObjectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("components", api.path("components"));
    whole.set("allOf", MAPPER.createArrayNode().add(schema));
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
    return compiled.validate(MAPPER.readTree(body)).stream().map(Object::toString).toList();
  }

  @Test
  void theDescriptionIsServedAsJson() throws Exception {
    HttpRequest request = server.request("/openapi.json").build();
    assertThat(server.send(request).headers().firstValue("content-type"))
        .hasValue("application/json");
    assertThat(api.path("openapi").asText()).startsWith("3.1");
  }
}
