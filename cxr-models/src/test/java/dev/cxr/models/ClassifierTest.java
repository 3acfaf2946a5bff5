package dev.cxr.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.Task;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.TestBundles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prediction from Java: an image file to a decision and a heatmap. */
class ClassifierTest {

  @TempDir private Path folder;

  @Test
  void predictsAnImageFile() throws IOException {
    TestBundles.write(folder.resolve("bundle"), TestBundles.manifest());
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    Path file = folder.resolve("image.png");
    PngEncoder.write(image, file);
    try (Classifier classifier = Classifier.load(folder.resolve("bundle"))) {
      Prediction prediction = classifier.predict(file);
      assertThat(prediction).isEqualTo(classifier.predict(image));
      assertThat(prediction.probabilities().keySet()).containsExactly("NORMAL", "PNEUMONIA");
      assertThat(prediction.positiveProbability())
          .isEqualTo(classifier.probabilities(List.of(image))[0][1]);
      assertThat(prediction.threshold()).isEqualTo(0.4375);
      assertThat(prediction.decision()).isEqualTo(prediction.isPositive() ? "PNEUMONIA" : "NORMAL");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "binary, 0.5625 0.4375, true, PNEUMONIA, PNEUMONIA",
    "binary, 0.5626 0.4374, false, NORMAL, PNEUMONIA",
    "subtype, 0.1 0.9, true, BACTERIAL_PNEUMONIA, BACTERIAL_PNEUMONIA",
    "three-class, 0.5 0.2 0.3, true, PNEUMONIA, VIRAL_PNEUMONIA",
    "three-class, 0.6 0.3 0.1, false, NORMAL, BACTERIAL_PNEUMONIA",
    "anomaly, 0.2 0.8, true, ANOMALY, ANOMALY"
  })
  void decidesAtTheOperatingThreshold(
      Task task, String probabilities, boolean positive, String decision, String likeliest) {
    Manifest manifest = TestBundles.manifest("binary-cnn", task, true, 1);
    double[] values =
        List.of(probabilities.split(" ")).stream().mapToDouble(Double::parseDouble).toArray();
    Prediction prediction = Prediction.of(manifest, values);
    assertThat(prediction.isPositive()).isEqualTo(positive);
    assertThat(prediction.decision()).isEqualTo(decision);
    assertThat(prediction.likeliestPositiveClass()).isEqualTo(likeliest);
  }

  @Test
  void explainsAnImageByAHeatmap() throws IOException {
    TestBundles.write(folder, TestBundles.manifest());
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    try (Classifier classifier = Classifier.load(folder)) {
      Heatmap heatmap = classifier.explain(image);
      assertThat(heatmap.className()).isEqualTo("PNEUMONIA");
      assertThat(heatmap.values()).hasDimensions(2, 2);
      assertThat(heatmap.values())
          .isDeepEqualTo(classifier.gradCam(image, "PNEUMONIA", "dropout4"));
      BufferedImage overlay = heatmap.overlay(image);
      assertThat(overlay.getWidth()).isEqualTo(image.width());
      assertThat(overlay.getHeight()).isEqualTo(image.height());
    }
  }

  @Test
  void rejectsFoldersWithoutBundle() {
    assertThatThrownBy(() -> Classifier.load(folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("no bundle.json in it");
  }
}
