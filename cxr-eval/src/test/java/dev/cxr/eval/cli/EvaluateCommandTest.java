package dev.cxr.eval.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.report.ReportText;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {

  private static final int SIDE = 32;

  /** More than the command asks about at once, and no multiple of it. */
  private static final int IMAGES = 70;

  private static final List<Finding> FINDINGS =
      List.of(
          Finding.NORMAL,
          Finding.BACTERIAL_PNEUMONIA,
          Finding.NORMAL,
          Finding.VIRAL_PNEUMONIA,
          Finding.NORMAL,
          Finding.PNEUMONIA);

  @TempDir private static Path shared;
  private static Path bundle = Path.of("");
  private static Path dataset = Path.of("");
  private static double threshold;

  @TempDir private Path scratch;
  private Path out = Path.of("");

  @BeforeAll
  static void writeDatasetAndBundle() throws IOException {
    dataset = Files.createDirectory(shared.resolve("children"));
    writeDataset(dataset, IMAGES);
    threshold = medianProbability();
    bundle = writeBundle(shared.resolve("bundle"), false, threshold);
  }

  @BeforeEach
  void setOutputFolder() {
    out = scratch.resolve("results").resolve("evaluation");
  }

  @Test
  void printsMetricsWithIntervalAndCount() throws IOException {
    CommandResult run = evaluate(bundle, dataset);
    assertThat(run.exitCode()).as(run.err()).isZero();
    BinaryMetrics report = recomputed();
    assertThat(run.out())
        .contains("lungs (bundle " + Bundle.open(bundle).id() + ") on the test split of children")
        .contains("70 images of ")
        .contains(ReportText.of(report, Task.BINARY, "by a test"))
        .contains("Written: " + out.resolve("report.html"))
        .contains(out.resolve("metrics.json").toString())
        .contains(out.resolve("predictions.csv").toString())
        .endsWith("Research software, not a medical device." + System.lineSeparator());
    String interval = " +[01]\\.\\d{4}   [01]\\.\\d{4} to [01]\\.\\d{4} +n \\d+";
    for (String figure :
        List.of("accuracy", "precision", "recall, sensitivity", "specificity", "F1", "AUROC")) {
      assertThat(run.out()).containsPattern(figure + interval);
    }
    assertThat(run.out())
        .containsPattern("F1 +[01]\\.\\d{4}   [01]\\.\\d{4} to [01]\\.\\d{4} +n 70");
  }

  @Test
  void metricsFollowFromPredictionsAtBundleThreshold() throws IOException {
    assertThat(evaluate(bundle, dataset).exitCode()).isZero();
    JsonObject metrics = metrics();
    BinaryMetrics report = recomputed();
    JsonElement expected = JsonParser.parseString(new Gson().toJson(report));
    for (String figure : List.of("confusion", "roc")) {
      assertThat(metrics.getAsJsonObject("metrics").getAsJsonObject("binary").get(figure))
          .isEqualTo(expected.getAsJsonObject().get(figure));
    }
    assertThat(report.confusion().n()).isEqualTo(IMAGES);
    assertThat(report.confusion().tp() + report.confusion().fp()).as("called").isBetween(20L, 50L);
    assertThat(metrics.getAsJsonObject("settings").get("threshold").getAsDouble())
        .isEqualTo(threshold);
    assertThat(metrics.get("positiveClass").getAsString()).isEqualTo("PNEUMONIA");
    assertThat(metrics.get("disclaimer").getAsString()).contains("not a medical device");
    assertThat(metrics.getAsJsonObject("bundle").get("id").getAsString())
        .isEqualTo(Bundle.open(bundle).id());
    JsonObject data = metrics.getAsJsonObject("data");
    assertThat(data.get("name").getAsString()).isEqualTo("children");
    assertThat(data.get("synthetic").getAsBoolean()).isFalse();
    assertThat(data.get("split").getAsString()).isEqualTo("test");
    assertThat(data.get("images").getAsInt()).isEqualTo(IMAGES);
    assertThat(data.get("fingerprint").getAsString()).matches("[0-9a-f]{64}");
  }

  @Test
  void predictionsHaveOneRowPerImageInDatasetOrder() throws IOException {
    assertThat(evaluate(bundle, dataset).exitCode()).isZero();
    List<Xray> xrays = DatasetReader.read(dataset.toString(), ValidationSplitRule.DEFAULT).xrays();
    List<CSVRecord> rows = predictions();
    assertThat(rows).hasSize(IMAGES);
    assertThat(xrays).hasSize(IMAGES);
    try (Classifier classifier = Classifier.load(Bundle.open(bundle))) {
      for (int i = 0; i < IMAGES; i++) {
        Xray xray = xrays.get(i);
        CSVRecord row = rows.get(i);
        assertThat(row.get("path")).isEqualTo(xray.id());
        assertThat(row.get("patient")).isEqualTo(xray.patient());
        assertThat(row.get("finding")).isEqualTo(xray.finding().name());
        double normal = Double.parseDouble(row.get("p_NORMAL"));
        double pneumonia = Double.parseDouble(row.get("p_PNEUMONIA"));
        assertThat(normal + pneumonia).isEqualTo(1);
        assertThat(row.get("decision")).isEqualTo(pneumonia >= threshold ? "PNEUMONIA" : "NORMAL");
        GrayImage picture = ImageDecoder.decode(dataset.resolve(xray.id()));
        double[] asked = classifier.probabilities(List.of(picture))[0];
        assertThat(pneumonia).as("%s", xray.id()).isCloseTo(asked[1], within(1e-4));
      }
    }
  }

  @Test
  void singleClassSplitExplainsUndefinedMetrics() throws IOException {
    Path normals = Files.createDirectory(scratch.resolve("normals"));
    Path folder = Files.createDirectories(normals.resolve("test/NORMAL"));
    for (int i = 0; i < 5; i++) {
      PngEncoder.write(
          image(Finding.NORMAL, i), folder.resolve("IM-%s-0001.png".formatted(1000 + i)));
    }
    CommandResult run = evaluate(bundle, normals);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("recall, sensitivity +not defined: no positive example")
        .containsPattern("AUROC +not defined: no positive example")
        .doesNotContain("NaN");
    JsonObject figures = metrics().getAsJsonObject("metrics").getAsJsonObject("binary");
    assertThat(figures.getAsJsonObject("recall").get("reason").getAsString())
        .isEqualTo("no positive example");
    assertThat(figures.getAsJsonObject("auroc").has("value")).isFalse();
    assertThat(figures.getAsJsonObject("specificity").get("n").getAsInt()).isEqualTo(5);
    assertThat(Files.readString(out.resolve("metrics.json"))).doesNotContain("NaN");
    assertThat(CommandResult.pageText(out.resolve("report.html")))
        .doesNotContain("NaN", "Infinity")
        .contains("not defined: no positive example");
  }

  @Test
  void reportsSyntheticTrainingData() throws IOException {
    Path synthetic = writeBundle(scratch.resolve("synthetic"), true, threshold);
    assertThat(evaluate(synthetic, dataset).exitCode()).isZero();
    JsonObject id = metrics().getAsJsonObject("bundle");
    assertThat(id.get("trainedOnSyntheticSample").getAsBoolean()).isTrue();
  }

  @Test
  void countsOverconfidentErrors() throws IOException {
    assertThat(evaluate(bundle, dataset).exitCode()).isZero();
    assertThat(CommandResult.pageText(out.resolve("report.html")))
        .doesNotContain("Overconfident errors");
    Path sure = TestBundle.overconfident(scratch.resolve("sure"), SIDE);
    out = scratch.resolve("second");
    assertThat(evaluate(sure, dataset).exitCode()).isZero();
    JsonObject confusion =
        metrics().getAsJsonObject("metrics").getAsJsonObject("binary").getAsJsonObject("confusion");
    int wrong = confusion.get("fp").getAsInt() + confusion.get("fn").getAsInt();
    assertThat(CommandResult.pageText(out.resolve("report.html")))
        .contains("Overconfident errors: for %d of 70 images".formatted(wrong));
  }

  @Test
  void acceptsOldOptionNames() throws IOException {
    CommandResult run =
        EvalCommands.run("evaluate", bundle, dataset, out, "--no-robustness", "--apart");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("'--no-robustness' is now '--quick'", "'--apart' is now '--separate-sources'");
    assertThat(metrics().has("leakage")).isFalse();
    assertThat(metrics().getAsJsonObject("settings").get("classSources").getAsString())
        .isEqualTo("separate");
  }

  @Test
  void rejectsEmptySplit() {
    CommandResult run = evaluate(bundle, dataset, "--split", "train");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("images in the train split", "--split");
    assertNothingLeft();
  }

  @Test
  void rejectsFolderWithoutBundle() {
    CommandResult run = evaluate(scratch, dataset);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no bundle.json in it").doesNotContain("\tat ");
    assertNothingLeft();
  }

  @Test
  void rejectsMissingDataset() {
    CommandResult run = evaluate(bundle, scratch.resolve("nowhere"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("nowhere");
    assertNothingLeft();
  }

  @Test
  void requiresBundleOption() {
    CommandResult run = CommandResult.run("evaluate", "--no-relaunch", "--out", out.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--bundle");
    assertNothingLeft();
  }

  @Test
  void requiresDataForNonSyntheticBundle() {
    CommandResult run =
        CommandResult.run(
            "evaluate", "--no-relaunch", "--bundle", bundle.toString(), "--out", out.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--data");
    assertNothingLeft();
  }

  @Test
  void keepsExistingOutputFolder() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("metrics.json"), "mine\n");
    CommandResult run = evaluate(bundle, dataset);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("exists already");
    assertThat(files(out)).containsExactly(out.resolve("metrics.json"));
    assertThat(out.resolve("metrics.json")).hasContent("mine\n");
    assertThat(files(scratch.resolve("results"))).containsExactly(out);
  }

  @Test
  void namesCorruptImageAndLeavesNoFiles() throws IOException {
    Path broken = Files.createDirectory(scratch.resolve("broken"));
    writeDataset(broken, 6);
    Path picture = broken.resolve("test/NORMAL/IM-1002-0001.png");
    byte[] content = Files.readAllBytes(picture);
    Files.write(picture, Arrays.copyOf(content, content.length / 2));
    CommandResult run = evaluate(bundle, broken);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("test/NORMAL/IM-1002-0001.png").doesNotContain("\tat ");
    assertNothingLeft();
  }

  @Test
  void rejectsDamagedBundleAndLeavesNoFiles() throws IOException {
    Path damaged = writeBundle(scratch.resolve("damaged"), false, threshold);
    Files.writeString(damaged.resolve("history.csv"), "changed\n");
    CommandResult run = evaluate(damaged, dataset);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("history.csv changed since");
    assertNothingLeft();
  }

  private CommandResult evaluate(Path bundleFolder, Path data, String... more) {
    return EvalCommands.evaluateQuick(bundleFolder, data, out, more);
  }

  private void assertNothingLeft() {
    Path parent = scratch.resolve("results");
    if (Files.exists(parent)) {
      assertThat(parent).isEmptyDirectory();
    }
  }

  private JsonObject metrics() throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve("metrics.json"))).getAsJsonObject();
  }

  private List<CSVRecord> predictions() throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(out.resolve("predictions.csv"), UTF_8, format)) {
      assertThat(parser.getHeaderNames())
          .startsWith(
              "path",
              "patient",
              "finding",
              "split",
              "used_for",
              "p_NORMAL",
              "p_PNEUMONIA",
              "decision")
          .contains("file_bytes", "pixels", "mean_intensity");
      return parser.getRecords();
    }
  }

  /** From the text of predictions.csv alone. */
  private BinaryMetrics recomputed() throws IOException {
    List<CSVRecord> rows = predictions();
    double[] scores =
        rows.stream().mapToDouble(row -> Double.parseDouble(row.get("p_PNEUMONIA"))).toArray();
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = !rows.get(i).get("finding").equals("NORMAL");
    }
    List<String> patients = rows.stream().map(row -> row.get("patient")).toList();
    return BinaryMetrics.of(
        new LabelledScores(scores, positive), threshold, PatientBootstrap.of(patients, 1));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** In the test folder only. */
  private static void writeDataset(Path root, int count) throws IOException {
    Path normal = Files.createDirectories(root.resolve("test/NORMAL"));
    Path pneumonia = Files.createDirectories(root.resolve("test/PNEUMONIA"));
    for (int i = 0; i < count; i++) {
      Finding finding = FINDINGS.get(i % FINDINGS.size());
      Path file =
          switch (finding.name()) {
            case "NORMAL" -> normal.resolve("IM-%s-0001.png".formatted(1000 + i));
            case "BACTERIAL_PNEUMONIA" -> pneumonia.resolve("person" + i + "_bacteria_1.png");
            case "VIRAL_PNEUMONIA" -> pneumonia.resolve("person" + i + "_virus_2.png");
            default -> pneumonia.resolve("person" + i + "_3.png");
          };
      PngEncoder.write(image(finding, i), file);
    }
  }

  private static GrayImage image(Finding finding, int seed) throws IOException {
    var source = new ImageSource.SyntheticSource(finding, seed, seed, 64);
    return Resampler.resize(source.read(), 48 + seed % 5, 48);
  }

  /** A threshold that calls half of the collection positive. */
  private static double medianProbability() throws IOException {
    Path folder = writeBundle(shared.resolve("first"), false, 0.5);
    List<GrayImage> pictures = new ArrayList<>();
    for (Xray xray : DatasetReader.read(dataset.toString(), ValidationSplitRule.DEFAULT).xrays()) {
      pictures.add(xray.source().read());
    }
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      double[] sorted =
          Arrays.stream(classifier.probabilities(pictures))
              .mapToDouble(p -> p[1])
              .sorted()
              .toArray();
      return (sorted[IMAGES / 2 - 1] + sorted[IMAGES / 2]) / 2;
    }
  }

  private static Path writeBundle(Path folder, boolean synthetic, double threshold)
      throws IOException {
    return TestBundle.write(folder, Task.BINARY, SIDE, synthetic, threshold);
  }
}
