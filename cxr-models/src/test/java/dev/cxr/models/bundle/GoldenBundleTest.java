package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.InputSpec;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bundle that 0.1.0 wrote is read by every later version and means the same.
 *
 * <p>Its network is mobilenet-v1-025; each parameter has one of three values, so that it takes
 * little room. Its files never change. A change of format takes a new bundle beside it.
 */
class GoldenBundleTest {

  @Test
  void format1BundleKeepsItsId() throws Exception {
    assertThat(golden().id()).isEqualTo("6e80ddfcf293");
  }

  @Test
  void format1ManifestIsReadable() throws Exception {
    Manifest manifest = golden().manifest();
    assertThat(manifest.formatVersion()).isEqualTo(Manifest.FORMAT_VERSION);
    assertThat(manifest.name()).isEqualTo("golden");
    assertThat(manifest.task()).isEqualTo(Task.BINARY);
    assertThat(manifest.architecture()).isEqualTo("mobilenet-v1-025");
    assertThat(manifest.input()).isEqualTo(InputSpec.minusOneToOne(32));
    assertThat(manifest.classes()).containsExactly("NORMAL", "PNEUMONIA");
    assertThat(manifest.positiveClass()).isEqualTo("PNEUMONIA");
    assertThat(manifest.threshold())
        .isEqualTo(new OperatingThreshold(0.4375, "greatest Youden index on validation"));
    assertThat(manifest.temperature()).isEqualTo(1.25);
    assertThat(manifest.epoch()).isEqualTo(7);
    assertThat(manifest.data().splits().get("validation"))
        .satisfies(split -> assertThat(split.perClass()).containsEntry("PNEUMONIA", 38));
    assertThat(manifest.recipe().getAsJsonObject().get("seed").getAsInt()).isEqualTo(42);
    assertThat(manifest.validationMetrics().getAsJsonObject().get("auroc").getAsDouble())
        .isEqualTo(.75);
    assertThat(manifest.versions().cxr()).isEqualTo("0.1.0");
  }

  @Test
  void format1BundleKeepsItsProbabilities() throws Exception {
    double[] pneumonia = {.0308858, .0938831, .1235717, .0711912, .0083635};
    try (Classifier classifier = Classifier.load(golden())) {
      double[][] probabilities = classifier.probabilities(TestBundles.syntheticImages(5));
      for (int i = 0; i < pneumonia.length; i++) {
        assertThat(probabilities[i][1]).isCloseTo(pneumonia[i], within(1e-4));
      }
      assertThat(classifier.embeddings(TestBundles.syntheticImages(2))).hasDimensions(2, 256);
    }
  }

  @Test
  void format2ManifestOfTheSameParametersGivesTheSameBits(@TempDir Path folder) throws Exception {
    Bundle golden = golden();
    for (String file : golden.files()) {
      Files.copy(golden.folder().resolve(file), folder.resolve(file));
    }
    Files.writeString(folder.resolve(Bundle.MANIFEST), golden.manifest().toJson());
    Files.delete(folder.resolve(ChecksumFile.FILE));
    ChecksumFile.write(folder);
    List<GrayImage> images = TestBundles.syntheticImages(8);
    try (Classifier format1 = Classifier.load(golden);
        Classifier format2 = Classifier.load(folder)) {
      assertThat(format2.probabilities(images)).isDeepEqualTo(format1.probabilities(images));
    }
  }

  private static Bundle golden() throws IOException, URISyntaxException {
    return Bundle.open(
        Path.of(Objects.requireNonNull(GoldenBundleTest.class.getResource("format-1")).toURI()));
  }
}
