package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.models.Classifier;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL serves a bundle from its serving.properties alone: the code below names no class of ours. */
class XrayTranslatorTest {

  @TempDir private static Path bundle;
  @TempDir private Path scratch;

  @BeforeAll
  static void write() throws IOException {
    TestBundles.write(bundle, TestBundles.manifest("binary-cnn", true, 0.05));
  }

  @Test
  void returnsProbabilitiesInDescendingOrder() throws Exception {
    try (Classifier classifier = Classifier.load(Bundle.open(bundle));
        ZooModel<Input, Output> model = load();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      for (GrayImage image : TestBundles.syntheticImages(4)) {
        Path file = scratch.resolve("picture.png");
        PngEncoder.write(image, file);
        double[] expected = classifier.probabilities(List.of(image))[0];
        assertPrediction(predictor.predict(body(Files.readAllBytes(file))), expected);
      }
    }
  }

  @Test
  void predictsBatches() throws Exception {
    try (Classifier classifier = Classifier.load(Bundle.open(bundle));
        ZooModel<Input, Output> model = load();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      List<GrayImage> images = TestBundles.syntheticImages(2);
      byte[] jpeg = jpeg(images.get(1));
      PngEncoder.write(images.get(0), scratch.resolve("picture.png"));
      byte[] png = Files.readAllBytes(scratch.resolve("picture.png"));
      List<Output> answers = predictor.batchPredict(List.of(body(png), body(jpeg)));
      assertThat(answers).hasSize(2);
      assertPrediction(answers.get(0), classifier.probabilities(List.of(images.get(0)))[0]);
      assertPrediction(
          answers.get(1), classifier.probabilities(List.of(ImageDecoder.decode(jpeg)))[0]);
    }
  }

  @Test
  void rejectsInvalidImages() throws Exception {
    byte[] jpeg = jpeg(TestBundles.syntheticImages(1).get(0));
    try (ZooModel<Input, Output> model = load();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      assertThatThrownBy(() -> predictor.predict(body(Arrays.copyOf(jpeg, jpeg.length / 2))))
          .isInstanceOf(TranslateException.class)
          .hasMessageMatching("(?s).*xpected .*found.*");
      assertThatThrownBy(() -> predictor.predict(body(new byte[0])))
          .isInstanceOf(TranslateException.class)
          .hasMessageMatching("(?s).*xpected .*found.*");
      assertThatThrownBy(() -> predictor.predict(new Input()))
          .isInstanceOf(TranslateException.class)
          .hasMessageContaining("Expected an image in the body of the request");
    }
  }

  @Test
  void rejectsDamagedBundle(@TempDir Path damaged) throws IOException {
    Path copy = TestBundles.copy(bundle, damaged.resolve("bundle"));
    Files.writeString(copy.resolve("history.csv"), "changed\n");
    assertThatThrownBy(() -> load(copy))
        .hasStackTraceContaining("history.csv changed since the bundle was written");
  }

  private static ZooModel<Input, Output> load() throws Exception {
    return load(bundle);
  }

  private static ZooModel<Input, Output> load(Path folder) throws Exception {
    return Criteria.builder()
        .setTypes(Input.class, Output.class)
        .optModelPath(folder)
        .build()
        .loadModel();
  }

  private static Input body(byte[] content) {
    Input input = new Input();
    input.add("data", content);
    return input;
  }

  private static void assertPrediction(Output output, double[] expected) {
    assertThat(output.getCode()).isEqualTo(200);
    assertThat(output.getProperties()).containsEntry("Content-Type", "application/json");
    String json = output.getData().getAsString();
    assertThat(json)
        .matches(
            "\\[\\{\"className\":\"[A-Z]+\",\"probability\":[^ ,]+},"
                + "\\{\"className\":\"[A-Z]+\",\"probability\":[^ ,]+}]");
    JsonArray prediction = JsonParser.parseString(json).getAsJsonArray();
    int likelier = expected[1] > expected[0] ? 1 : 0;
    assertEntry(prediction.get(0).getAsJsonObject(), likelier, expected);
    assertEntry(prediction.get(1).getAsJsonObject(), 1 - likelier, expected);
  }

  private static void assertEntry(JsonObject entry, int index, double[] expected) {
    assertThat(entry.get("className").getAsString())
        .isEqualTo(List.of("NORMAL", "PNEUMONIA").get(index));
    assertThat(entry.get("probability").getAsDouble()).isCloseTo(expected[index], within(1e-6));
  }

  private static byte[] jpeg(GrayImage grayImage) throws IOException {
    var image =
        new BufferedImage(grayImage.width(), grayImage.height(), BufferedImage.TYPE_BYTE_GRAY);
    image
        .getRaster()
        .setDataElements(0, 0, grayImage.width(), grayImage.height(), grayImage.pixels());
    var out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "jpeg", out)).isTrue();
    return out.toByteArray();
  }
}
