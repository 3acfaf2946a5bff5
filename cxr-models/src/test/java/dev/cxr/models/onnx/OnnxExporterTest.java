package dev.cxr.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.TestBundles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxExporterTest {

  private static final double TEMPERATURE = 2.5;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "binary-cnn; binary",
        "three-class-cnn; three-class",
        "flip-averaged(mobilenet-v1-075); binary",
        "ensemble(resnet18, flip-averaged(binary-cnn)); binary",
        "cascade(binary-cnn, flip-averaged(resnet18)); three-class",
        "reconstruction(autoencoder); anomaly",
        "mahalanobis(mobilenet-v1-075); anomaly"
      })
  void probabilitiesAreThoseOfTheBundle(String architecture, String task)
      throws IOException, OrtException {
    Path written = write(TestBundles.manifest(architecture, Task.forName(task), true, TEMPERATURE));
    Path file = folder.resolve("model.onnx");
    double difference = export(Bundle.open(written), file);
    assertThat(difference).isLessThan(1e-5);

    try (Classifier classifier = Classifier.load(written);
        NDManager scope = classifier.manager().newSubManager();
        OrtSession session = OnnxFunction.open(read(file), 1)) {
      NDArray batch = classifier.toBatch(scope, TestBundles.syntheticImages(3));
      double[][] expected = classifier.probabilities(batch);
      float[][] found =
          OnnxFunction.run(
              session,
              FloatBuffer.wrap(batch.toFloatArray()),
              classifier.manifest().input().side());
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).hasSameSizeAs(expected[i]);
        for (int c = 0; c < expected[i].length; c++) {
          assertThat((double) found[i][c]).isCloseTo(expected[i][c], within(1e-5));
        }
      }
    }
  }

  @Test
  void metadataDescribeTheModel() throws IOException {
    Bundle bundle = Bundle.open(write(TestBundles.manifest()));
    Path file = folder.resolve("model.onnx");
    export(bundle, file);
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    Map<String, String> metadata =
        model.getMetadataPropsList().stream()
            .collect(
                Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    assertThat(metadata)
        .containsEntry("bundle_id", bundle.id())
        .containsEntry("classes", "[\"NORMAL\",\"PNEUMONIA\"]")
        .containsEntry("positive_class", "PNEUMONIA")
        .containsEntry("threshold", "0.4375")
        .containsEntry("resize", Manifest.RESIZE);
    assertThat(metadata.get("notice")).contains("not a medical device", "synthetic");
    assertThat(model.getGraph().getInputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("images");
    assertThat(model.getGraph().getOutputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("probabilities");
  }

  @Test
  void keepsTheFileIfItCannotBeReplaced() throws IOException {
    Bundle bundle = Bundle.open(write(TestBundles.manifest()));
    assertThatThrownBy(() -> export(bundle, folder)).isInstanceOf(UserErrorException.class);
    assertThat(folder).isDirectory();
  }

  private static double export(Bundle bundle, Path file) throws IOException {
    try (Classifier classifier = Classifier.load(bundle)) {
      return OnnxExporter.export(bundle, classifier.block(), classifier.manager(), file);
    }
  }

  private static ByteBuffer read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private Path write(Manifest manifest) throws IOException {
    return TestBundles.write(folder.resolve("bundle"), manifest);
  }
}
