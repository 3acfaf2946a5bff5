package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.nn.BlockFactory;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.InputSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loading takes data only, and only data that answers as it was promised. */
class ClassifierLoadTest {

  private static final String EXECUTED = "cxr.test.executed";

  @TempDir private static Path pristine;
  @TempDir private Path scratch;
  private Path bundle = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    if (TestBundles.files(pristine).isEmpty()) {
      TestBundles.write(pristine, TestBundles.manifest());
    }
    bundle = TestBundles.copy(pristine, scratch.resolve("bundle"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, -1e-3})
  void rejectsReferencePredictionThatDiffers(double difference) throws IOException {
    setExpectedProbability("PNEUMONIA", expectedProbability("PNEUMONIA") + difference);
    TestBundles.assertLoadRejected(bundle, "PNEUMONIA for the reference image");
  }

  @Test
  void acceptsReferencePredictionWithinTolerance() throws IOException {
    setExpectedProbability("PNEUMONIA", expectedProbability("PNEUMONIA") + 2e-5);
    try (Classifier classifier = Classifier.load(Bundle.open(bundle))) {
      assertThat(classifier.probabilities(TestBundles.syntheticImages(1))).hasDimensions(1, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "7",
        "nonsense",
        "",
        "{\"NORMAL\": 0.5}",
        "{\"NORMAL\": \"half\"}",
        "{\"NORMAL\": NaN, \"PNEUMONIA\": NaN}",
        "{\"NORMAL\": null, \"PNEUMONIA\": {}}"
      })
  void rejectsMalformedReferencePrediction(String json) throws IOException {
    TestBundles.replace(bundle, "golden.json", json);
    TestBundles.assertLoadRejected(bundle, "");
  }

  @Test
  void rejectsParametersOfAnotherArchitecture() throws IOException {
    TestBundles.editManifest(bundle, manifest -> manifest.addProperty("architecture", "resnet18"));
    TestBundles.assertLoadRejected(bundle, "resnet18");
  }

  @Test
  void rejectsParametersOfAnotherSide() throws IOException {
    TestBundles.editManifest(
        bundle, manifest -> manifest.add("input", Manifest.GSON.toJsonTree(InputSpec.gray(64))));
    TestBundles.assertLoadRejected(bundle, "");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.00001, 0.5, 0.999})
  void rejectsTruncatedParameters(double kept) throws IOException {
    Path file = bundle.resolve(TestBundles.PARAMETERS);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, (int) (kept * whole.length)));
    TestBundles.rewriteChecksums(bundle);
    TestBundles.assertLoadRejected(bundle, "");
  }

  /** A ZIP archive, which TorchScript and torch.save are, and a bare pickle. */
  @ParameterizedTest
  @ValueSource(strings = {"504b0304", "8002", "80049558"})
  void rejectsTorchScriptAndPickles(String magic) throws IOException {
    Path file = bundle.resolve(TestBundles.PARAMETERS);
    byte[] content = Files.readAllBytes(file);
    byte[] beginning = HexFormat.of().parseHex(magic);
    System.arraycopy(beginning, 0, content, 0, beginning.length);
    Files.write(file, content);
    TestBundles.rewriteChecksums(bundle);
    TestBundles.assertLoadRejected(bundle, "Expected parameters of binary-cnn");
  }

  @Test
  void ignoresJarsAndTorchScriptInTheFolder() throws IOException {
    double[][] expected;
    try (Classifier classifier = Classifier.load(Bundle.open(bundle))) {
      expected = classifier.probabilities(TestBundles.syntheticImages(2));
    }
    byte[] jar = jarWithSideEffect();
    Files.write(bundle.resolve("extra.jar"), jar);
    Files.write(Files.createDirectory(bundle.resolve("libs")).resolve("extra.jar"), jar);
    Files.writeString(bundle.resolve("broken.jar"), "no jar");
    Files.writeString(bundle.resolve(TestBundles.NAME + ".pt"), "no TorchScript");
    try (Classifier classifier = Classifier.load(Bundle.open(bundle))) {
      assertThat(classifier.probabilities(TestBundles.syntheticImages(2))).isDeepEqualTo(expected);
    }
    assertThat(System.getProperty(EXECUTED)).isNull();
  }

  /** A jar of one block factory, such as DJL looks for in a model's folder. */
  private byte[] jarWithSideEffect() throws IOException {
    Path source = scratch.resolve("Extra.java");
    Files.writeString(
        source,
        """
        public final class Extra implements ai.djl.nn.BlockFactory {
          static { System.setProperty("%s", "yes"); }
          public ai.djl.nn.Block newBlock(
              ai.djl.Model model, java.nio.file.Path path, java.util.Map<String, ?> arguments) {
            return null;
          }
        }
        """
            .formatted(EXECUTED));
    String classPath =
        BlockFactory.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                "-proc:none",
                "-cp",
                classPath,
                source.toString());
    assertThat(exitCode).isZero();
    var bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.putNextEntry(new JarEntry("Extra.class"));
      jar.write(Files.readAllBytes(scratch.resolve("Extra.class")));
      jar.putNextEntry(new JarEntry("META-INF/services/ai.djl.nn.BlockFactory"));
      jar.write("Extra\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private double expectedProbability(String name) throws IOException {
    return referencePrediction().get(name).getAsDouble();
  }

  private void setExpectedProbability(String name, double probability) throws IOException {
    JsonObject golden = referencePrediction();
    golden.addProperty(name, probability);
    TestBundles.replace(bundle, "golden.json", golden.toString());
  }

  private JsonObject referencePrediction() throws IOException {
    return JsonParser.parseString(Files.readString(bundle.resolve("golden.json")))
        .getAsJsonObject();
  }
}
