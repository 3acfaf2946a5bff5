package dev.cxr.serve.packaging;

import static dev.cxr.serve.support.PredictionResponses.probability;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPackageTest {

  /** The relevant part of DJL Serving's class path. */
  private static final Pattern DJL_SERVING_JARS =
      Pattern.compile(
          ".*[/\\\\](api|pytorch-engine|pytorch-jni|pytorch-native-[a-z0-9]+|gson|jna|slf4j-api"
              + "|slf4j-simple|commons-(compress|codec|io|lang3))-[0-9][^/\\\\]*\\.jar");

  @TempDir private static Path folder;

  private static Bundle bundle;

  @BeforeAll
  static void createBundle() throws Exception {
    bundle = Bundle.open(RandomBundle.write(folder.resolve("bundle")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.zip", "model.tar.gz", "model.tgz", "model"})
  void plainDjlGivesSameProbabilities(String name) throws Exception {
    Path made = folder.resolve("loads-" + name);
    ModelPackage.write(bundle, made);
    assertSamePredictions(bundle, made);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "binary; mirrored(binary-cnn)",
        "subtype; binary-cnn",
        "three-class; cascade(binary-cnn, binary-cnn)",
        "anomaly; distance(binary-cnn)",
        "anomaly; reconstruction(autoencoder)"
      })
  void plainDjlGivesSameProbabilitiesForEveryTask(
      Task task, String composition, @TempDir Path other) throws Exception {
    RandomBundle kind = RandomBundle.SMALL.withTask(task).withModelSpec(composition);
    Bundle composed = Bundle.open(kind.writeTo(other.resolve("bundle")));
    Path made = other.resolve("package");
    ModelPackage.write(composed, made);
    assertSamePredictions(composed, made);
  }

  private static void assertSamePredictions(Bundle expected, Path made) throws Exception {
    Path model = unpacked(made);
    List<byte[]> files = List.of(TestImages.jpeg(0), TestImages.png(1), TestImages.dicom(2));
    List<String> command = new ArrayList<>(plainDjlCommand());
    command.add(model.toString());
    for (int i = 0; i < files.size(); i++) {
      Path file = folder.resolve("image-" + i);
      Files.write(file, files.get(i));
      command.add(file.toString());
    }

    List<String> predictions = outputOf(command);

    assertThat(predictions).hasSize(2 * files.size());
    List<String> classes = expected.manifest().classes();
    try (Classifier classifier = Classifier.load(expected)) {
      for (int i = 0; i < predictions.size(); i++) {
        byte[] file = files.get(i % files.size());
        JsonArray prediction = JsonParser.parseString(predictions.get(i)).getAsJsonArray();
        double[] probabilities = classifier.probabilities(List.of(ImageDecoder.decode(file)))[0];
        for (int c = 0; c < probabilities.length; c++) {
          assertThat(probability(prediction, classes.get(c)))
              .isCloseTo(probabilities[c], within(1e-4));
        }
      }
    }
  }

  /** Runs {@link PlainDjlClient} with the jars of DJL and without those of cxr. */
  private static List<String> plainDjlCommand() throws Exception {
    Path classes = Files.createTempDirectory(folder, "bare");
    String name = PlainDjlClient.class.getName().replace('.', '/') + ".class";
    Path copy = classes.resolve(name);
    Files.createDirectories(copy.getParent());
    try (InputStream in = PlainDjlClient.class.getResourceAsStream("/" + name)) {
      Files.copy(in, copy);
    }
    String djl =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> DJL_SERVING_JARS.matcher(entry).matches())
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Dai.djl.offline=true",
        "-Doffline=true",
        "-DOPT_OUT_TRACKING=true",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        classes + File.pathSeparator + djl,
        PlainDjlClient.class.getName());
  }

  private static List<String> outputOf(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return output.lines().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.zip", "model.tar.gz", "model"})
  void containsBundleFilesUnchangedAndNoOthers(String name) throws Exception {
    Path stray = Files.writeString(bundle.folder().resolve("notes-about-patients.txt"), "stray");
    Path made = folder.resolve("unchanged-" + name);
    try {
      ModelPackage.write(bundle, made);
    } finally {
      Files.delete(stray);
    }
    Path model = unpacked(made);
    List<Path> own;
    try (Stream<Path> files = Files.list(bundle.folder())) {
      own = files.toList();
    }
    for (Path file : own) {
      assertThat(model.resolve(file.getFileName().toString())).hasSameBinaryContentAs(file);
    }
    try (Stream<Path> files = Files.list(model)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(
              file ->
                  file.equals("libs")
                      || file.endsWith(".jar")
                      || Files.exists(bundle.folder().resolve(file)));
    }
    assertThat(Bundle.open(model).id()).isEqualTo(bundle.id());
  }

  @Test
  void hasLayoutOfDjlServing() throws Exception {
    Path model = folder.resolve("layout");
    ModelPackage.write(bundle, model);
    assertThat(model.resolve("random-0001.params")).exists();
    assertThat(Files.readAllLines(model.resolve("serving.properties")))
        .contains(
            "engine=PyTorch",
            "option.modelName=random",
            "blockFactory=dev.cxr.models.bundle.BundleBlockFactory",
            "translator=dev.cxr.models.bundle.XrayTranslator");
    for (Path jar : List.of(model.resolve("cxr.jar"), model.resolve("libs/cxr.jar"))) {
      try (FileSystem classes = FileSystems.newFileSystem(jar)) {
        assertThat(classes.getPath("dev/cxr/models/bundle/BundleBlockFactory.class")).exists();
        assertThat(classes.getPath("dev/cxr/models/bundle/XrayTranslator.class")).exists();
        assertThat(classes.getPath("META-INF/LICENSE")).exists();
        assertThat(classes.getPath("dev/cxr/serve")).doesNotExist();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.zip", "model.tar.gz"})
  void sameBundleGivesSameBytes(String name) throws Exception {
    Path first = folder.resolve("first-" + name);
    ModelPackage.write(bundle, first);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere-" + name));
    Path moved = Files.createDirectory(elsewhere.resolve("moved"));
    try (Stream<Path> files = Files.list(bundle.folder())) {
      for (Path file : files.toList()) {
        Files.copy(file, moved.resolve(file.getFileName().toString()));
      }
    }
    Path second = elsewhere.resolve("second-" + name);
    ModelPackage.write(Bundle.open(moved), second);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void doesNotOverwriteExistingFolder() throws Exception {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    assertThatThrownBy(() -> ModelPackage.write(bundle, taken))
        .isInstanceOf(UserErrorException.class);
    assertThat(taken).isEmptyDirectory();
  }

  private static Path unpacked(Path made) throws Exception {
    if (Files.isDirectory(made)) {
      return made;
    }
    Path target = Files.createTempDirectory(folder, "unpacked");
    if (made.toString().endsWith(".zip")) {
      try (FileSystem zip = FileSystems.newFileSystem(made);
          Stream<Path> walk = Files.walk(zip.getPath("/"))) {
        for (Path file : walk.filter(Files::isRegularFile).toList()) {
          copy(Files.newInputStream(file), target.resolve(file.toString().substring(1)));
        }
      }
      return target;
    }
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(made)))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        Path file = target.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(tar, file);
      }
    }
    return target;
  }

  private static void copy(InputStream in, Path file) throws Exception {
    Files.createDirectories(file.getParent());
    try (in) {
      Files.copy(in, file);
    }
  }
}
