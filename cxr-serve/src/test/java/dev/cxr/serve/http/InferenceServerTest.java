package dev.cxr.serve.http;

import static dev.cxr.serve.support.Answers.probability;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.index.Task;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.serve.inference.Batching;
import dev.cxr.serve.support.Pictures;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceServerTest {

  @TempDir private static Path folder;

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            folder,
            RandomBundle.SMALL,
            RandomBundle.SMALL.named("three").asking(Task.THREE_CLASS).real());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<byte[]> everyKindOfFile() {
    return Stream.of(
        Pictures.jpeg(0),
        Pictures.colourJpeg(0),
        Pictures.png(1),
        Pictures.colourPng(1),
        Pictures.deepPng(2),
        Pictures.as("tiff", 3),
        Pictures.dicom(2));
  }

  @ParameterizedTest
  @MethodSource("everyKindOfFile")
  void aPictureIsAnsweredWithTheProbabilitiesThatTheBundleGives(byte[] file) throws Exception {
    double[] expected;
    try (Classifier classifier = Classifier.load(server.bundle(0))) {
      expected = classifier.probabilities(List.of(ImageDecoder.decode(file)))[0];
    }
    HttpResponse<String> response = server.post("/predictions/random", file);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonArray answer = JsonParser.parseString(response.body()).getAsJsonArray();
    assertThat(answer).hasSize(2);
    assertThat(probability(answer, "NORMAL")).isCloseTo(expected[0], within(1e-4));
    assertThat(probability(answer, "PNEUMONIA")).isCloseTo(expected[1], within(1e-4));
    assertThat(answer.get(0).getAsJsonObject().get("probability").getAsDouble())
        .as("the likelier class comes first")
        .isGreaterThanOrEqualTo(0.5);
  }

  private static JsonObject detail(String model, byte[] file) throws Exception {
    HttpResponse<String> response =
        server.post("/predictions/" + model + "?detail=true&picture=true", file);
    assertThat(response.statusCode()).isEqualTo(200);
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  @Test
  void inDetailItSaysWhatLiesBehindTheAnswer() throws Exception {
    JsonObject detail = detail("random", Pictures.jpeg(0, 300, 200));
    double probability = detail.get("calibratedProbability").getAsDouble();
    assertThat(detail.get("bundle").getAsString()).isEqualTo(server.bundle(0).id());
    assertThat(detail.get("threshold").getAsDouble()).isEqualTo(0.5);
    assertThat(detail.get("decision").getAsString())
        .isEqualTo(probability >= 0.5 ? "PNEUMONIA" : "NORMAL");
    assertThat(probability(detail.getAsJsonArray("classifications"), "PNEUMONIA"))
        .isEqualTo(probability);
    assertThat(detail.get("outOfDistribution").getAsDouble()).isPositive().isFinite();
    assertThat(detail.get("synthetic").getAsBoolean()).isTrue();
    BufferedImage heat = image(detail.getAsJsonObject("heatmap").get("png").getAsString());
    assertThat(heat.getWidth()).isEqualTo(32);
    assertThat(heat.getColorModel().hasAlpha()).isTrue();
    BufferedImage picture = image(detail.get("picture").getAsString());
    assertThat(picture.getWidth()).isEqualTo(300);
    assertThat(picture.getHeight()).isEqualTo(200);
  }

  @Test
  void withThreeClassesTheThresholdIsForPneumoniaOfEitherCause() throws Exception {
    JsonObject detail = detail("three", Pictures.jpeg(0));
    JsonArray classes = detail.getAsJsonArray("classifications");
    assertThat(classes).hasSize(3);
    assertThat(detail.get("positiveClass").getAsString()).isEqualTo("PNEUMONIA");
    assertThat(detail.get("calibratedProbability").getAsDouble())
        .isCloseTo(1 - probability(classes, "NORMAL"), within(1e-9));
    assertThat(detail.getAsJsonObject("heatmap").get("className").getAsString())
        .isIn("BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA");
    assertThat(detail.get("synthetic").getAsBoolean()).isFalse();
  }

  static Stream<Arguments> everyKindOfBundle() {
    return Stream.of(
        Arguments.of(Task.BINARY, "mirrored(binary-cnn)", true),
        Arguments.of(Task.SUBTYPE, "binary-cnn", true),
        Arguments.of(Task.THREE_CLASS, "cascade(binary-cnn, binary-cnn)", true),
        Arguments.of(Task.ANOMALY, "distance(binary-cnn)", false),
        Arguments.of(Task.ANOMALY, "reconstruction(autoencoder)", false));
  }

  @ParameterizedTest
  @MethodSource("everyKindOfBundle")
  void everyBundleIsServedAndTellsWhatItsNetworksCanTell(
      Task task, String composition, boolean classifies, @TempDir Path other) throws Exception {
    RandomBundle kind = RandomBundle.SMALL.asking(task).of(composition);
    try (TestServer alone = TestServer.start(other, kind)) {
      byte[] file = Pictures.jpeg(0);
      JsonObject detail =
          JsonParser.parseString(alone.post("/predictions/random?detail=true", file).body())
              .getAsJsonObject();
      double[] expected;
      try (Classifier classifier = Classifier.load(alone.bundle(0))) {
        expected = classifier.probabilities(List.of(ImageDecoder.decode(file)))[0];
      }
      for (int i = 0; i < expected.length; i++) {
        assertThat(probability(detail.getAsJsonArray("classifications"), task.classes().get(i)))
            .isCloseTo(expected[i], within(1e-4));
      }
      assertThat(detail.get("positiveClass").getAsString()).isEqualTo(task.positiveClass());
      assertThat(detail.has("heatmap")).isEqualTo(classifies);
      assertThat(detail.has("outOfDistribution")).isEqualTo(classifies);
    }
  }

  private static BufferedImage image(String dataUri) throws IOException {
    byte[] png = Base64.getDecoder().decode(dataUri.substring(dataUri.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  @Test
  void aLargePictureIsShownSmallerInItsOwnShape() throws Exception {
    BufferedImage shown =
        image(detail("random", Pictures.jpeg(0, 1600, 800)).get("picture").getAsString());
    assertThat(shown.getWidth()).isEqualTo(768);
    assertThat(shown.getHeight()).isEqualTo(384);
  }

  @Test
  void whatIsNoWholePictureIsRefusedWithItsReason() throws Exception {
    byte[] jpeg = Pictures.jpeg(0);
    List<byte[]> bodies =
        List.of(
            "hello, I am not an image".getBytes(StandardCharsets.UTF_8),
            new byte[0],
            Arrays.copyOf(jpeg, jpeg.length / 2));
    for (byte[] body : bodies) {
      HttpResponse<String> response = server.post("/predictions/random", body);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("TranslateException").containsIgnoringCase("expected");
    }
  }

  /** A PNG of 33 bytes that says it has 10,000 million pixels. */
  @Test
  void aPictureThatClaimsTooManyPixelsIsRefusedBeforeItIsDecoded() throws Exception {
    byte[] bomb = Pictures.png(0);
    Arrays.fill(bomb, 16, 24, (byte) 0);
    bomb[17] = 1;
    bomb[18] = (byte) 0x86;
    bomb[21] = 1;
    bomb[22] = (byte) 0x86;
    CRC32 crc = new CRC32();
    crc.update(bomb, 12, 17);
    ByteBuffer.wrap(bomb).putInt(29, (int) crc.getValue());
    long began = System.nanoTime();
    HttpResponse<String> response = server.post("/predictions/random", bomb);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("99840x99840");
    assertThat(System.nanoTime() - began).isLessThan(2_000_000_000L);
  }

  @Test
  void nothingInARequestIsTakenForAnAddressOrAPath() throws Exception {
    AtomicInteger visits = new AtomicInteger();
    HttpServer trap =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    trap.createContext(
        "/",
        exchange -> {
          visits.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    trap.start();
    try {
      Path secret = Files.write(folder.resolve("secret.jpeg"), Pictures.jpeg(1));
      for (String url :
          List.of(
              "http://127.0.0.1:" + trap.getAddress().getPort() + "/x.jpeg",
              secret.toUri().toString())) {
        for (String body :
            List.of("{\"image_url\": \"%s\"}", "{\"inputs\": \"%s\"}", "{\"url\": \"%s\"}", "%s")) {
          HttpResponse<String> response =
              server.send(
                  server
                      .request("/predictions/random?url=" + url + "&image_url=" + url)
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString(body.formatted(url)))
                      .build());
          assertThat(response.statusCode()).as(body).isEqualTo(400);
        }
        assertThat(server.send("POST", "/models?model_name=m&url=" + url).statusCode())
            .isEqualTo(405);
      }
      assertThat(visits).hasValue(0);
    } finally {
      trap.stop(0);
    }
  }

  @Test
  void ofTwoBundlesWithOneNameTheFirstAnswersAndTheOtherByItsId() throws Exception {
    try (TestServer two =
        TestServer.start(
            Files.createDirectory(folder.resolve("two")),
            RandomBundle.SMALL,
            RandomBundle.SMALL.seeded(8))) {
      String first = two.post("/predictions/random", Pictures.jpeg(0)).body();
      String id = "/predictions/random/";
      assertThat(two.post(id + two.bundle(0).id(), Pictures.jpeg(0)).body()).isEqualTo(first);
      assertThat(two.post(id + two.bundle(1).id(), Pictures.jpeg(0)).body()).isNotEqualTo(first);
    }
  }

  @Test
  void theSameBundleTwiceIsRefused() throws Exception {
    Bundle bundle = server.bundle(0);
    assertThatThrownBy(
            () ->
                InferenceServer.start(
                    List.of(bundle, bundle), Batching.DEFAULT, InferenceServer.THIS_MACHINE, 0))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void aBundleThatDoesNotPredictItsGoldenPictureIsNeverServed() throws Exception {
    Path bundle = RandomBundle.write(folder.resolve("wrong"));
    Path golden = bundle.resolve("golden.json");
    Path sums = bundle.resolve("SHA256SUMS");
    String before = Sha256.hex(golden);
    JsonObject promised = JsonParser.parseString(Files.readString(golden)).getAsJsonObject();
    double normal = promised.get("NORMAL").getAsDouble();
    promised.addProperty("NORMAL", normal > 0.5 ? normal - 2e-4 : normal + 2e-4);
    Files.writeString(golden, promised.toString());
    Files.writeString(sums, Files.readString(sums).replace(before, Sha256.hex(golden)));
    Bundle opened = Bundle.open(bundle);
    assertThatThrownBy(
            () ->
                InferenceServer.start(
                    List.of(opened), Batching.DEFAULT, InferenceServer.THIS_MACHINE, 0))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("golden picture");
  }

  @Test
  void aPortInUseIsRefused() {
    assertThatThrownBy(
            () ->
                InferenceServer.start(
                    List.of(server.bundle(0)),
                    Batching.DEFAULT,
                    InferenceServer.THIS_MACHINE,
                    server.server().port()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("in use")
        .hasMessageContaining("--port");
  }

  @Test
  void listensOnThisMachineOnly() throws IOException {
    InetAddress another = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    assertThatThrownBy(() -> new Socket(another, server.server().port()).close())
        .isInstanceOf(ConnectException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc-123", "A.b_c:9"})
  void aDecentRequestIdIsRepeated(String id) throws Exception {
    var request = server.request("/ping").header("x-request-id", id).build();
    assertThat(server.send(request).headers().firstValue("x-request-id")).hasValue(id);
  }

  @Test
  void anotherRequestIdIsReplaced() throws Exception {
    var request = server.request("/ping").header("x-request-id", "a".repeat(3000)).build();
    assertThat(server.send(request).headers().firstValue("x-request-id").orElseThrow()).hasSize(36);
  }
}
