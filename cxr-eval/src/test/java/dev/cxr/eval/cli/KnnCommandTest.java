package dev.cxr.eval.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.knn.KnnIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnnCommandTest {

  private static final int SIDE = 32;

  @TempDir private static Path shared;
  private static Path dataset = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeDataset() throws IOException {
    dataset = TestDataset.write(shared.resolve("children"));
  }

  private Path out() {
    return scratch.resolve("voting");
  }

  private CommandResult knn(Task task, String... more) throws IOException {
    Path bundle = scratch.resolve("trained");
    if (!Files.exists(bundle)) {
      TestBundle.write(bundle, task, SIDE, false, 0.5);
    }
    return run("knn", bundle, out(), more);
  }

  private CommandResult run(String command, Path bundle, Path out, String... more) {
    return EvalCommands.run(command, bundle, dataset, out, more);
  }

  private Manifest outManifest() throws IOException {
    return Bundle.open(out()).manifest();
  }

  private KnnIndex outIndex() throws IOException {
    return Objects.requireNonNull(outManifest().knnIndex());
  }

  @ParameterizedTest
  @CsvSource({
    "binary, embeddings, euclidean",
    "subtype, probabilities, euclidean",
    "three-class, embeddings, cosine"
  })
  void knnBundleCanBeEvaluated(Task task, String over, String distance) throws IOException {
    CommandResult run = knn(task, "--features", over, "--distance", distance, "--k", "4");
    assertThat(run.exitCode()).as(run.err()).isZero();
    Path results = scratch.resolve("results");
    CommandResult judged = run("evaluate", out(), results);
    assertThat(judged.exitCode()).as(judged.err()).isZero();
    List<String> rows = Files.readAllLines(results.resolve("predictions.csv"));
    assertThat(rows.subList(1, rows.size()))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              double share = 4 * Double.parseDouble(row.split(",", -1)[5]);
              assertThat(share).isCloseTo(Math.rint(share), within(1e-6));
            });
    String page = Files.readString(results.resolve("report.html"));
    assertThat(page)
        .contains("No Grad-CAM", "Training: ")
        .doesNotContain("NaN", "Infinity", "Grad-CAM for");
    JsonObject metrics =
        JsonParser.parseString(Files.readString(results.resolve("metrics.json"))).getAsJsonObject();
    assertThat(metrics.getAsJsonObject("data").get("validationMatchesBundle").getAsBoolean())
        .isTrue();
  }

  @Test
  void oneNeighbourReproducesTrainingLabels() throws IOException {
    assertThat(knn(Task.BINARY, "--k", "1").exitCode()).isZero();
    List<Xray> training =
        DatasetReader.read(dataset.toString(), ValidationSplitRule.DEFAULT).inSplit(Split.TRAIN);
    List<GrayImage> pictures = new ArrayList<>();
    for (Xray xray : training) {
      pictures.add(xray.source().read());
    }
    try (Classifier classifier = Classifier.load(Bundle.open(out()))) {
      double[][] found = classifier.probabilities(pictures);
      for (int i = 0; i < found.length; i++) {
        int label = Task.BINARY.label(training.get(i).finding());
        assertThat(found[i][label]).as("%s", training.get(i).id()).isEqualTo(1);
      }
    }
  }

  @Test
  void choosesKByLeavePatientOut() throws IOException {
    CommandResult run = knn(Task.BINARY, "--weighting", "distance", "--k", "1,9,3");
    assertThat(run.exitCode()).as(run.err()).isZero();
    KnnIndex index = outIndex();
    assertThat(index.vote().k()).isIn(1, 3, 9);
    assertThat(run.out())
        .containsPattern("k +1 .*\\R +k +3 .*\\R +k +9 ")
        .containsPattern("k +" + index.vote().k() + " +balanced accuracy [0-9.]+ +chosen");
    assertThat(index.kRule()).isEqualTo("best balanced accuracy with each patient left out");
  }

  @Test
  void choosesThresholdOnValidationAndStoresItsMetrics() throws IOException {
    assertThat(knn(Task.BINARY, "--threshold", "sensitivity=0.9").exitCode()).isZero();
    Manifest manifest = outManifest();
    assertThat(manifest.threshold().rule()).endsWith("on validation");
    JsonObject figures = manifest.validationMetrics().getAsJsonObject();
    assertThat(figures.getAsJsonObject("recall").get("value").getAsDouble())
        .isGreaterThanOrEqualTo(0.9);
    Manifest.SplitData validation =
        Objects.requireNonNull(manifest.data().splits().get("validation"));
    assertThat(figures.getAsJsonObject("accuracy").get("n").getAsInt())
        .isEqualTo(validation.count());
    assertThat(manifest.name()).isEqualTo("lungs-knn");
  }

  @Test
  void bundleContainsNoFileNameOrPatient() throws IOException {
    assertThat(knn(Task.BINARY).exitCode()).isZero();
    List<Xray> xrays = DatasetReader.read(dataset.toString(), ValidationSplitRule.DEFAULT).xrays();
    try (Stream<Path> files = Files.list(out())) {
      for (Path file : files.toList()) {
        String content = Files.readString(file, ISO_8859_1);
        for (Xray xray : xrays) {
          assertThat(content.contains(xray.patient())).as("%s in %s", xray, file).isFalse();
        }
        assertThat(content).doesNotContain("IM-", "_virus", "_bacteria", dataset.toString());
      }
    }
  }

  @Test
  void acceptsOldCommandAndOptionNames() throws IOException {
    Path bundle = TestBundle.write(scratch.resolve("trained"), Task.BINARY, SIDE, false, 0.5);
    CommandResult run = run("index", bundle, out(), "--over", "probabilities", "--k", "3");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("'index' is now 'knn'", "'--over' is now '--features'");
    assertThat(outIndex().features()).isEqualTo(KnnIndex.FeatureKind.PROBABILITIES);
  }

  @Test
  void outputIsDeterministic() throws IOException {
    assertThat(knn(Task.BINARY).exitCode()).isZero();
    String first = Bundle.open(out()).id();
    Path again = scratch.resolve("again");
    assertThat(run("knn", scratch.resolve("trained"), again).exitCode()).isZero();
    assertThat(Bundle.open(again).id()).isEqualTo(first);
  }

  @Test
  void rejectsInvalidInputAndLeavesNoFiles() throws IOException {
    assertFails(knn(Task.BINARY, "--k", "0"), 2, "at least 1");
    assertFails(knn(Task.BINARY, "--features", "pixels"), 2, "--features");
    assertFails(knn(Task.BINARY, "--threshold", "bundle"), 2, "--threshold");
  }

  @Test
  void rejectsDatasetWithoutTrainingImages() throws IOException {
    Path tests = scratch.resolve("tests");
    TestDataset.write(tests, "test", 8, 1);
    Path bundle = TestBundle.write(scratch.resolve("trained"), Task.BINARY, SIDE, false, 0.5);
    CommandResult run = EvalCommands.run("knn", bundle, tests, out());
    assertFails(run, 1, "training images");
  }

  @Test
  void rejectsKnnBundleAsInput() throws IOException {
    assertThat(knn(Task.BINARY).exitCode()).isZero();
    Path again = scratch.resolve("again");
    CommandResult run = run("knn", out(), again);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("a KNN bundle");
    CommandResult explained =
        CommandResult.run(
            "explain",
            "--no-relaunch",
            "--bundle",
            out().toString(),
            "--input",
            dataset.resolve("test/NORMAL").toString(),
            "--out",
            again.toString());
    assertThat(explained.exitCode()).isEqualTo(1);
    assertThat(explained.err()).contains("vote of nearest neighbours").doesNotContain("\tat ");
    assertThat(again).doesNotExist();
  }

  private void assertFails(CommandResult run, int exitCode, String found) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).contains(found).doesNotContain("\tat ");
    assertThat(out()).doesNotExist();
  }
}
