package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.DicomMetadata;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.models.composition.TestAnomalyScorers;
import dev.cxr.models.onnx.Int8Quantizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Small bundles of untrained networks, and ways to spoil them. */
public final class TestBundles {

  static final int SIDE = 32;
  static final String NAME = "lungs";
  static final String PARAMETERS = NAME + "-0007.params";
  static final String HISTORY = "epoch,loss\n1,0.70\n7,0.31\n";

  private TestBundles() {}

  public static Manifest manifest() {
    return manifest("binary-cnn", true, 1);
  }

  public static Manifest manifest(String architecture, boolean synthetic, double temperature) {
    return manifest(architecture, Task.BINARY, synthetic, temperature);
  }

  public static Manifest manifest(
      String architecture, Task task, boolean synthetic, double temperature) {
    Map<String, Manifest.SplitData> splits = new TreeMap<>();
    splits.put("train", split(90, "ab"));
    splits.put("validation", split(10, "cd"));
    return new Manifest(
        Manifest.FORMAT_VERSION,
        NAME,
        task,
        architecture,
        InputSpec.gray(SIDE),
        Manifest.RESIZE,
        DicomMetadata.PRESENTATION,
        task.classes(),
        task.positiveClass(),
        new OperatingThreshold(0.4375, "Youden's J on the validation split"),
        temperature,
        new Manifest.DatasetInfo(
            synthetic ? "synthetic" : "chest-xray",
            synthetic,
            "by patient group",
            ValidationSplitRule.DEFAULT,
            splits,
            null,
            null),
        JsonParser.parseString("{\"seed\": 42}"),
        7,
        new Manifest.Versions("0.1.0", "abc1234", "0.38.0", "2.7.1", "17"),
        JsonParser.parseString("{\"auroc\": 0.75}"),
        null,
        null,
        null);
  }

  private static Manifest.SplitData split(int count, String fingerprint) {
    return new Manifest.SplitData(
        count,
        new TreeMap<>(Map.of("NORMAL", count / 2, "PNEUMONIA", count - count / 2)),
        fingerprint.repeat(32));
  }

  /** The network of a manifest with weights fixed by the seed. */
  static Model model(Manifest manifest) {
    Model model = Model.newInstance(manifest.name(), "PyTorch");
    model.setBlock(BundleBlockFactory.createBlock(manifest));
    Engine.getEngine("PyTorch").setRandomSeed(3);
    int side = manifest.input().side();
    if (model.getBlock() instanceof AnomalyScorer novelty) {
      TestAnomalyScorers.fit(novelty, model.getNDManager(), side);
    }
    model
        .getBlock()
        .initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, side, side));
    return model;
  }

  /** Makes {@code folder} a bundle. */
  public static Path write(Path folder, Manifest manifest) throws IOException {
    try (Model model = model(manifest)) {
      Files.createDirectories(folder);
      BundleWriter.write(folder, manifest, model, HISTORY);
    }
    return folder;
  }

  /** Makes {@code to} a bundle with an int8 variant. */
  static Path quantize(Path from, Path to) throws IOException {
    Bundle source = Bundle.open(from);
    try (Classifier classifier = Classifier.load(source)) {
      ByteBuffer int8Model;
      try (Int8Quantizer quantizer = classifier.quantizer();
          NDManager scope = classifier.manager().newSubManager()) {
        NDArray images = classifier.toBatch(scope, syntheticImages(8));
        quantizer.add(images.toByteBuffer().asFloatBuffer());
        int8Model = quantizer.quantize();
      }
      classifier.useInt8(int8Model);
      GrayImage reference = ImageDecoder.decode(from.resolve(Bundle.REFERENCE_IMAGE));
      BundleWriter.writeQuantized(
          Files.createDirectories(to),
          source.manifest().withQuantization(QuantizationTest.quantization(503, .98, .9801, 0)),
          int8Model,
          classifier.probabilities(List.of(reference))[0],
          source);
    }
    return to;
  }

  /** Drawn pictures of several sizes, normal and not. */
  public static List<GrayImage> syntheticImages(int count) throws IOException {
    List<Xray> xrays =
        DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
    List<GrayImage> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GrayImage drawn = xrays.get(i).source().read();
      images.add(i % 2 == 0 ? drawn : Resampler.resize(drawn, 90 + i, 70));
    }
    return images;
  }

  /** Changes bundle.json and makes the sums right again. */
  static void editManifest(Path folder, Consumer<JsonObject> edit) throws IOException {
    Path file = folder.resolve("bundle.json");
    JsonObject object = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    edit.accept(object);
    replace(folder, "bundle.json", object.toString());
  }

  /** Replaces a file and makes the sums right again. */
  static void replace(Path folder, String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
    rewriteChecksums(folder);
  }

  static void rewriteChecksums(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve("SHA256SUMS"));
    ChecksumFile.write(folder);
  }

  static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
    return to;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** A refusal in whole sentences: what was expected, what was found, what to do. */
  static void assertOpenRejected(Path folder, String message) {
    assertUserError(catchThrowable(() -> Bundle.open(folder)), folder, message);
  }

  /** As {@link #assertOpenRejected}, for what can be seen only by loading the model. */
  static void assertLoadRejected(Path folder, String message) throws IOException {
    Bundle bundle = Bundle.open(folder);
    assertUserError(
        catchThrowable(
            () -> {
              try (Classifier classifier = Classifier.load(bundle)) {
                assertThat(classifier).isNull();
              }
            }),
        folder,
        message);
  }

  private static void assertUserError(Throwable thrown, Path folder, String message) {
    assertThat(thrown)
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageMatching("(?s)Expected .+; found .+\\. [A-Z].+\\.")
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(message);
  }
}
