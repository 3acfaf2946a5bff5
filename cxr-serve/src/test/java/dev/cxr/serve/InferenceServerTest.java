package dev.cxr.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.shell.Refusal;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.serve.support.RandomBundle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceServerTest {

  @TempDir private static Path folder;

  private static Bundle bundle;
  private static InferenceServer server;
  private static byte[] jpeg;

  @BeforeAll
  static void serveABundle() throws Exception {
    bundle = Bundle.open(RandomBundle.write(folder.resolve("bundle")));
    server = InferenceServer.start(bundle, 0);
    GrayImage xray =
        Catalogue.open(Catalogue.SYNTHETIC, ValidationRule.DEFAULT).xrays().get(5).source().read();
    BufferedImage picture =
        new BufferedImage(xray.width(), xray.height(), BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, xray.width(), xray.height(), xray.pixels());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpeg", bytes);
    jpeg = bytes.toByteArray();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> send(String method, String path, BodyPublisher body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, body)
            .header("Content-Type", "image/jpeg")
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, byte[] body) throws Exception {
    return send("POST", path, BodyPublishers.ofByteArray(body));
  }

  private static void assertError(
      HttpResponse<String> response, int code, String type, String message) {
    assertThat(response.statusCode()).isEqualTo(code);
    JsonObject body = JsonParser.parseString(response.body()).getAsJsonObject();
    assertThat(body.keySet()).containsExactly("code", "type", "message");
    assertThat(body.get("code").getAsInt()).isEqualTo(code);
    assertThat(body.get("type").getAsString()).isEqualTo(type);
    assertThat(body.get("message").getAsString()).containsIgnoringCase(message);
  }

  @Test
  void pingTellsThatTheModelIsHealthy() throws Exception {
    HttpResponse<String> response = send("GET", "/ping", BodyPublishers.noBody());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"random\":{\"status\":\"Healthy\"}}");
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
  }

  @Test
  void aJpegIsAnsweredWithTheProbabilitiesThatTheBundleGives() throws Exception {
    HttpResponse<String> response = post("/predictions/random", jpeg);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonArray answer = JsonParser.parseString(response.body()).getAsJsonArray();
    double[] expected;
    try (Classifier classifier = Classifier.load(bundle)) {
      expected = classifier.probabilities(List.of(ImageDecoder.decode(jpeg)))[0];
    }
    assertThat(answer).hasSize(2);
    assertThat(probability(answer, "NORMAL")).isCloseTo(expected[0], within(1e-4));
    assertThat(probability(answer, "PNEUMONIA")).isCloseTo(expected[1], within(1e-4));
    assertThat(answer.get(0).getAsJsonObject().get("probability").getAsDouble())
        .as("the likelier class comes first")
        .isGreaterThanOrEqualTo(0.5);
  }

  private static double probability(JsonArray answer, String className) {
    for (var element : answer) {
      if (element.getAsJsonObject().get("className").getAsString().equals(className)) {
        return element.getAsJsonObject().get("probability").getAsDouble();
      }
    }
    throw new AssertionError("no " + className + " in " + answer);
  }

  @Test
  void manyAtOnceGetTheSameAnswers() throws Exception {
    String alone = post("/predictions/random", jpeg).body();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/predictions/random"))
            .POST(BodyPublishers.ofByteArray(jpeg))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    var answers =
        IntStream.range(0, 32)
            .mapToObj(i -> client.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    for (var answer : answers) {
      assertThat(answer.join().body()).isEqualTo(alone);
    }
  }

  @Test
  void whatIsNoPictureIsRefusedWithItsReason() throws Exception {
    byte[] text = "hello, I am not an image".getBytes(StandardCharsets.UTF_8);
    assertError(post("/predictions/random", text), 400, "TranslateException", "Expected");
    assertError(post("/predictions/random", new byte[0]), 400, "TranslateException", "Expected");
    byte[] cut = Arrays.copyOf(jpeg, jpeg.length / 2);
    assertError(post("/predictions/random", cut), 400, "TranslateException", "Expected");
    assertThat(post("/predictions/random", jpeg).statusCode()).isEqualTo(200);
  }

  @Test
  void unknownModelsPathsAndMethodsAreAnsweredAsDjlServingDoes() throws Exception {
    assertError(
        post("/predictions/nope", jpeg),
        404,
        "ModelNotFoundException",
        "Model or workflow not found: nope");
    assertError(
        send("GET", "/nope", BodyPublishers.noBody()),
        404,
        "ResourceNotFoundException",
        "Requested resource is not found, please refer to API document.");
    assertError(
        send("DELETE", "/predictions/random", BodyPublishers.noBody()),
        405,
        "MethodNotAllowedException",
        "Requested method is not allowed, please refer to API document.");
  }

  @Test
  void aBodyOverTheLimitIsRefusedWithoutBeingRead() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /predictions/random HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                  + (InferenceServer.LARGEST_BODY + 1)
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 413").contains("at most 16 MiB");
    }
  }

  @Test
  void aChunkedBodyIsCutAtTheLimit() throws Exception {
    BodyPublisher endless =
        BodyPublishers.ofInputStream(
            () -> new ByteArrayInputStream(new byte[InferenceServer.LARGEST_BODY + 1]));
    try {
      assertThat(send("POST", "/predictions/random", endless).statusCode()).isEqualTo(413);
    } catch (IOException e) {
      // The connection may be closed while the client still sends: cut all the same.
      assertThat(e).hasMessageMatching(".*(closed|reset|Broken pipe|EOF|received no bytes).*");
    }
    assertThat(post("/predictions/random", jpeg).statusCode()).isEqualTo(200);
  }

  @Test
  void aPortInUseIsRefused() {
    assertThatThrownBy(() -> InferenceServer.start(bundle, server.port()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("in use")
        .hasMessageContaining("--port");
  }

  @Test
  void listensOnThisMachineOnly() throws IOException {
    InetAddress another = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    assertThatThrownBy(() -> new Socket(another, server.port()).close())
        .isInstanceOf(ConnectException.class);
  }
}
