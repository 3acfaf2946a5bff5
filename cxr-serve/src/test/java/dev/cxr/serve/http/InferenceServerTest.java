package dev.cxr.serve.http;

import static dev.cxr.serve.support.PredictionResponses.probability;
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
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
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
            RandomBundle.SMALL.withName("three").withTask(Task.THREE_CLASS).nonSynthetic());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<byte[]> everyFileFormat() {
    return Stream.of(
        TestImages.jpeg(0),
        TestImages.colorJpeg(0),
        TestImages.png(1),
        TestImages.colorPng(1),
        TestImages.png16(2),
        TestImages.encode("tiff", 3),
        TestImages.dicom(2));
  }

  @ParameterizedTest
  @MethodSource("everyFileFormat")
  void returnsProbabilitiesOfTheBundle(byte[] file) throws Exception {
    double[] expected;
    try (Classifier classifier = Classifier.load(server.bundle(0))) {
      expected = classifier.probabilities(List.of(ImageDecoder.decode(file)))[0];
    }
    HttpResponse<String> response = server.post("/predictions/random", file);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonArray prediction = JsonParser.parseString(response.body()).getAsJsonArray();
    assertThat(prediction).hasSize(2);
    assertThat(probability(prediction, "NORMAL")).isCloseTo(expected[0], within(1e-4));
    assertThat(probability(prediction, "PNEUMONIA")).isCloseTo(expected[1], within(1e-4));
    assertThat(prediction.get(0).getAsJsonObject().get("probability").getAsDouble())
        .as("the most probable class comes first")
        .isGreaterThanOrEqualTo(0.5);
  }

  private static JsonObject detail(String model, byte[] file) throws Exception {
    HttpResponse<String> response =
        server.post("/predictions/" + model + "?detail=true&image=true", file);
    assertThat(response.statusCode()).isEqualTo(200);
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  @Test
  void detailHasThresholdDecisionHeatmapAndImage() throws Exception {
    JsonObject detail = detail("random", TestImages.jpeg(0, 300, 200));
    double probability = detail.get("positiveProbability").getAsDouble();
    assertThat(detail.get("bundle").getAsString()).isEqualTo(server.bundle(0).id());
    assertThat(detail.get("threshold").getAsDouble()).isEqualTo(0.5);
    assertThat(detail.get("decision").getAsString())
        .isEqualTo(probability >= 0.5 ? "PNEUMONIA" : "NORMAL");
    assertThat(probability(detail.getAsJsonArray("classifications"), "PNEUMONIA"))
        .isEqualTo(probability);
    assertThat(detail.get("outOfDistribution").getAsDouble()).isPositive().isFinite();
    assertThat(detail.get("synthetic").getAsBoolean()).isTrue();
    BufferedImage heatmap = image(detail.getAsJsonObject("heatmap").get("png").getAsString());
    assertThat(heatmap.getWidth()).isEqualTo(32);
    assertThat(heatmap.getColorModel().hasAlpha()).isTrue();
    BufferedImage decoded = image(detail.get("image").getAsString());
    assertThat(decoded.getWidth()).isEqualTo(300);
    assertThat(decoded.getHeight()).isEqualTo(200);
  }

  @Test
  void threeClassThresholdAppliesToPneumonia() throws Exception {
    JsonObject detail = detail("three", TestImages.jpeg(0));
    JsonArray classes = detail.getAsJsonArray("classifications");
    assertThat(classes).hasSize(3);
    assertThat(detail.get("positiveClass").getAsString()).isEqualTo("PNEUMONIA");
    assertThat(detail.get("positiveProbability").getAsDouble())
        .isCloseTo(1 - probability(classes, "NORMAL"), within(1e-9));
    assertThat(detail.getAsJsonObject("heatmap").get("className").getAsString())
        .isIn("BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA");
    assertThat(detail.get("synthetic").getAsBoolean()).isFalse();
  }

  static Stream<Arguments> everyBundleType() {
    return Stream.of(
        Arguments.of(Task.BINARY, "mirrored(binary-cnn)", true),
        Arguments.of(Task.SUBTYPE, "binary-cnn", true),
        Arguments.of(Task.THREE_CLASS, "cascade(binary-cnn, binary-cnn)", true),
        Arguments.of(Task.ANOMALY, "distance(binary-cnn)", false),
        Arguments.of(Task.ANOMALY, "reconstruction(autoencoder)", false));
  }

  @ParameterizedTest
  @MethodSource("everyBundleType")
  void servesEveryBundleType(Task task, String composition, boolean classifies, @TempDir Path other)
      throws Exception {
    RandomBundle kind = RandomBundle.SMALL.withTask(task).withModelSpec(composition);
    try (TestServer alone = TestServer.start(other, kind)) {
      byte[] file = TestImages.jpeg(0);
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
  void downscalesLargeImagesAndKeepsAspectRatio() throws Exception {
    BufferedImage shown =
        image(detail("random", TestImages.jpeg(0, 1600, 800)).get("image").getAsString());
    assertThat(shown.getWidth()).isEqualTo(768);
    assertThat(shown.getHeight()).isEqualTo(384);
  }

  @Test
  void rejectsInvalidAndTruncatedImages() throws Exception {
    byte[] jpeg = TestImages.jpeg(0);
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

  /** A PNG whose header claims 10,000 million pixels. */
  @Test
  void rejectsTooManyPixelsBeforeDecoding() throws Exception {
    byte[] bomb = TestImages.png(0);
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
  void opensNoUrlOrPathFromARequest() throws Exception {
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
      Path secret = Files.write(folder.resolve("secret.jpeg"), TestImages.jpeg(1));
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
  void bundlesOfOneNameAreSelectedById() throws Exception {
    try (TestServer two =
        TestServer.start(
            Files.createDirectory(folder.resolve("two")),
            RandomBundle.SMALL,
            RandomBundle.SMALL.withSeed(8))) {
      String first = two.post("/predictions/random", TestImages.jpeg(0)).body();
      String id = "/predictions/random/";
      assertThat(two.post(id + two.bundle(0).id(), TestImages.jpeg(0)).body()).isEqualTo(first);
      assertThat(two.post(id + two.bundle(1).id(), TestImages.jpeg(0)).body()).isNotEqualTo(first);
    }
  }

  @Test
  void rejectsDuplicateBundle() throws Exception {
    Bundle bundle = server.bundle(0);
    assertThatThrownBy(
            () ->
                InferenceServer.start(
                    List.of(bundle, bundle), BatchSettings.DEFAULT, InferenceServer.LOOPBACK, 0))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void rejectsBundleThatFailsItsReferencePrediction() throws Exception {
    Path bundle = RandomBundle.write(folder.resolve("wrong"));
    Path golden = bundle.resolve("golden.json");
    Path sums = bundle.resolve("SHA256SUMS");
    String before = Sha256.hex(golden);
    JsonObject reference = JsonParser.parseString(Files.readString(golden)).getAsJsonObject();
    double normal = reference.get("NORMAL").getAsDouble();
    reference.addProperty("NORMAL", normal > 0.5 ? normal - 2e-4 : normal + 2e-4);
    Files.writeString(golden, reference.toString());
    Files.writeString(sums, Files.readString(sums).replace(before, Sha256.hex(golden)));
    Bundle opened = Bundle.open(bundle);
    assertThatThrownBy(
            () ->
                InferenceServer.start(
                    List.of(opened), BatchSettings.DEFAULT, InferenceServer.LOOPBACK, 0))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("wrong");
  }

  /** An error that Java code or a native library throws must neither block nor hide a model. */
  @Test
  void reportsModelThatFailedWithAnErrorAndReleasesItsSlots() throws Exception {
    AtomicBoolean fails = new AtomicBoolean();
    IntConsumer listener =
        size -> {
          if (fails.get()) {
            throw new UnsatisfiedLinkError("test");
          }
        };
    BatchSettings oneSlot = new BatchSettings(1, Duration.ZERO, 1);
    try (InferenceServer failing =
        InferenceServer.start(
            List.of(server.bundle(0)), oneSlot, InferenceServer.LOOPBACK, 0, List.of(), listener)) {
      assertThat(status(failing, "/ping")).isEqualTo(200);
      fails.set(true);
      for (int i = 0; i < 5; i++) { // more than there are slots
        assertThat(predict(failing)).isEqualTo(500);
      }
      assertThat(status(failing, "/ping")).isEqualTo(503);
      assertThat(get(failing, "/metrics").body()).contains("cxr_ready 0.0");
      fails.set(false);
      assertThat(status(failing, "/ping")).as("asks the model").isEqualTo(200);
      assertThat(get(failing, "/metrics").body()).contains("cxr_ready 1.0");
      assertThat(predict(failing)).isEqualTo(200);
    }
  }

  private static HttpResponse<String> get(InferenceServer other, String path) throws Exception {
    return server.send(HttpRequest.newBuilder(URI.create(other.address() + path)).build());
  }

  private static int status(InferenceServer other, String path) throws Exception {
    return get(other, path).statusCode();
  }

  private static int predict(InferenceServer other) throws Exception {
    return server
        .send(
            HttpRequest.newBuilder(URI.create(other.address() + "/predictions/random"))
                .POST(BodyPublishers.ofByteArray(TestImages.jpeg(0)))
                .build())
        .statusCode();
  }

  @Test
  void rejectsPortInUse() {
    assertThatThrownBy(
            () ->
                InferenceServer.start(
                    List.of(server.bundle(0)),
                    BatchSettings.DEFAULT,
                    InferenceServer.LOOPBACK,
                    server.server().port()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("in use")
        .hasMessageContaining("--port");
  }

  @Test
  void listensOnLoopbackOnly() throws IOException {
    InetAddress another = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    assertThatThrownBy(() -> new Socket(another, server.server().port()).close())
        .isInstanceOf(ConnectException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc-123", "A.b_c:9"})
  void echoesValidRequestId(String id) throws Exception {
    var request = server.request("/ping").header("x-request-id", id).build();
    assertThat(server.send(request).headers().firstValue("x-request-id")).hasValue(id);
  }

  @Test
  void replacesInvalidRequestId() throws Exception {
    var request = server.request("/ping").header("x-request-id", "a".repeat(3000)).build();
    assertThat(server.send(request).headers().firstValue("x-request-id").orElseThrow()).hasSize(36);
  }
}
