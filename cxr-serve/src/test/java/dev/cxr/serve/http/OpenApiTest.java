package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.cxr.data.index.Task;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
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

/** Every operation in /openapi.json responds according to its schema. */
class OpenApiTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static TestServer server;
  private static JsonNode api;

  private enum RequestBody {
    NONE,
    JPEG
  }

  /** A request, and its path in the description. */
  private record ApiRequest(String method, String template, String path, RequestBody body) {}

  @BeforeAll
  static void start(@TempDir Path scratch) throws Exception {
    server =
        TestServer.start(
            scratch,
            RandomBundle.SMALL,
            RandomBundle.SMALL.withName("three").withTask(Task.THREE_CLASS));
    api = MAPPER.readTree(server.get("/openapi.json").body());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Stream<ApiRequest> allRequests() {
    String id = server.bundle(0).id();
    RequestBody none = RequestBody.NONE;
    RequestBody jpeg = RequestBody.JPEG;
    return Stream.of(
        new ApiRequest("GET", "/ping", "/ping", none),
        new ApiRequest("GET", "/models", "/models", none),
        new ApiRequest("GET", "/models", "/models?limit=1", none),
        new ApiRequest("GET", "/models", "/models?limit=x", none),
        new ApiRequest("GET", "/models/{name}", "/models/random", none),
        new ApiRequest("GET", "/models/{name}", "/models/nope", none),
        new ApiRequest("GET", "/models/{name}/{version}", "/models/random/" + id, none),
        new ApiRequest("GET", "/models/{name}/{version}", "/models/random/9", none),
        new ApiRequest("POST", "/models/{name}/invoke", "/models/random/invoke", jpeg),
        new ApiRequest("POST", "/predictions/{name}", "/predictions/random", jpeg),
        new ApiRequest("POST", "/predictions/{name}", "/predictions/random", none),
        new ApiRequest("POST", "/predictions/{name}", "/predictions/nope", jpeg),
        new ApiRequest("POST", "/predictions/{name}", "/predictions/random?detail=true", jpeg),
        new ApiRequest("POST", "/predictions/{name}", "/predictions/three", jpeg),
        new ApiRequest(
            "POST", "/predictions/{name}", "/predictions/three?detail=true&image=true", jpeg),
        new ApiRequest("POST", "/predictions/{name}/{version}", "/predictions/random/" + id, jpeg),
        new ApiRequest("POST", "/invocations", "/invocations?model_name=random", jpeg),
        new ApiRequest("POST", "/invocations", "/invocations", jpeg),
        new ApiRequest("GET", "/bundles", "/bundles", none),
        new ApiRequest("GET", "/metrics", "/metrics", none),
        new ApiRequest("GET", "/openapi.json", "/openapi.json", none),
        new ApiRequest("GET", "/", "/", none));
  }

  @Test
  void everyResponseMatchesItsSchema() throws Exception {
    for (ApiRequest request : allRequests().toList()) {
      HttpResponse<String> response =
          server.send(
              server
                  .request(request.path())
                  .method(
                      request.method(),
                      request.method().equals("GET")
                          ? BodyPublishers.noBody()
                          : BodyPublishers.ofByteArray(
                              request.body() == RequestBody.JPEG
                                  ? TestImages.jpeg(0)
                                  : new byte[0]))
                  .build());
      JsonNode operation =
          api.path("paths")
              .path(request.template())
              .path(request.method().toLowerCase(Locale.ROOT));
      JsonNode described = operation.path("responses").path(String.valueOf(response.statusCode()));
      assertThat(described.isMissingNode())
          .as("%s %s returns %d".formatted(request.method(), request.path(), response.statusCode()))
          .isFalse();
      String type = response.headers().firstValue("content-type").orElseThrow();
      JsonNode schema = described.path("content").path(type).path("schema");
      assertThat(schema.isMissingNode()).as("%s of %s", type, request).isFalse();
      if (type.equals("application/json")) {
        assertThat(problems(schema, response.body()))
            .as("%s: %s", request, response.body())
            .isEmpty();
      }
    }
  }

  /** A schema that accepts everything would prove nothing. */
  @Test
  void schemaRejectsOtherBodies() throws Exception {
    JsonNode error = MAPPER.readTree("{\"$ref\":\"#/components/schemas/Error\"}");
    assertThat(problems(error, "{\"code\":400,\"type\":\"x\",\"message\":\"y\"}")).isEmpty();
    assertThat(problems(error, "{\"code\":400,\"type\":\"x\"}")).isNotEmpty();
    assertThat(problems(error, "{\"code\":400,\"type\":\"x\",\"message\":\"y\",\"more\":1}"))
        .isNotEmpty();
  }

  @Test
  void everyOperationIsTested() {
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
    assertThat(allRequests().map(request -> request.method() + " " + request.template()))
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
  void servesDescriptionAsJson() throws Exception {
    HttpRequest request = server.request("/openapi.json").build();
    assertThat(server.send(request).headers().firstValue("content-type"))
        .hasValue("application/json");
    assertThat(api.path("openapi").asText()).startsWith("3.1");
  }
}
