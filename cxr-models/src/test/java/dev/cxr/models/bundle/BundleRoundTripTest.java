package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bundle answers as the model did that it was written from. */
class BundleRoundTripTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "binary-cnn; binary",
        "resnet18; subtype",
        "three-class-cnn; three-class",
        "flip-averaged(binary-cnn); binary",
        "cascade(binary-cnn, flip-averaged(resnet18)); three-class",
        "mahalanobis(mobilenet-v1-025); anomaly",
        "mahalanobis(mobilenet-v1-025, conv_pw_5_relu); anomaly",
        "reconstruction(autoencoder); anomaly"
      })
  void loadedBundlePredictsBitForBit(String architecture, Task task) throws IOException {
    Manifest manifest = TestBundles.manifest(architecture, task, true, 1.5);
    List<GrayImage> images = TestBundles.syntheticImages(5);
    double[][] expected;
    try (Model model = TestBundles.model(manifest)) {
      BundleWriter.write(folder, manifest, model, TestBundles.HISTORY);
      expected = new Classifier(manifest, model).probabilities(images);
    }
    assertThat(expected[0]).as("pictures differ").isNotEqualTo(expected[1]);
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      assertThat(classifier.probabilities(images)).isDeepEqualTo(expected);
    }
  }

  @Test
  void predictionDoesNotDependOnTheBatch() throws IOException {
    TestBundles.write(folder, TestBundles.manifest());
    List<GrayImage> images = TestBundles.syntheticImages(16);
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      double[][] together = classifier.probabilities(images);
      assertThat(together).hasDimensions(16, 2);
      for (int i = 0; i < images.size(); i++) {
        double[] alone = classifier.probabilities(List.of(images.get(i)))[0];
        assertThat(alone).containsExactly(together[i], within(1e-4));
      }
    }
  }

  @Test
  void predictionsAreThreadSafe() throws Exception {
    TestBundles.write(folder, TestBundles.manifest());
    List<GrayImage> images = TestBundles.syntheticImages(8);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      List<double[]> expected = new ArrayList<>();
      List<Future<double[][]>> answers = new ArrayList<>();
      for (GrayImage image : images) {
        expected.add(classifier.probabilities(List.of(image))[0]);
      }
      for (GrayImage image : images) {
        answers.add(threads.submit(() -> classifier.probabilities(List.of(image))));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()[0]).containsExactly(expected.get(i), within(1e-6));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void manifestRoundTrips() throws IOException {
    Manifest manifest = TestBundles.manifest("binary-cnn", false, 1.25);
    TestBundles.write(folder, manifest);
    Bundle bundle = Bundle.open(folder);
    assertThat(bundle.manifest()).isEqualTo(manifest);
    assertThat(bundle.folder()).isEqualTo(folder);
  }

  @Test
  void idDependsOnBytesOnly(@TempDir Path elsewhere) throws IOException {
    TestBundles.write(folder, TestBundles.manifest());
    String id = Bundle.open(folder).id();
    assertThat(id).matches("[0-9a-f]{12}");
    Path other = TestBundles.copy(folder, elsewhere.resolve("copy"));
    assertThat(Bundle.open(other).id()).isEqualTo(id);
    TestBundles.replace(other, "history.csv", "epoch,loss\n");
    assertThat(Bundle.open(other).id()).isNotEqualTo(id);
  }

  @Test
  void referencePredictionMatchesTheModel() throws IOException {
    TestBundles.write(folder, TestBundles.manifest());
    String golden = Files.readString(folder.resolve("golden.json"));
    JsonObject promised = JsonParser.parseString(golden).getAsJsonObject();
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      GrayImage image = ImageDecoder.decode(folder.resolve("golden.png"));
      double[] found = classifier.probabilities(List.of(image))[0];
      assertThat(found[0]).isEqualTo(promised.get("NORMAL").getAsDouble());
      assertThat(found[1]).isEqualTo(promised.get("PNEUMONIA").getAsDouble());
    }
  }
}
