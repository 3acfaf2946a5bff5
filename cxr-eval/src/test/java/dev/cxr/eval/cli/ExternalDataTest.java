package dev.cxr.eval.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.ood.OutOfDistributionScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle on a collection that it learned nothing from. */
class ExternalDataTest {

  private static final double THRESHOLD = 0.4375;

  @TempDir private static Path shared;
  private static Path trainingDataset = Path.of("");
  private static Path externalDataset = Path.of("");
  private static Path bundle = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeDatasetsAndBundle() throws IOException {
    trainingDataset = TestDataset.write(shared.resolve("home"));
    externalDataset = shared.resolve("abroad");
    TestDataset.write(externalDataset, "train", 16, 9000);
    TestDataset.write(externalDataset, "test", 8, 9500);
    bundle = TestBundle.write(shared.resolve("bundle"), Task.BINARY, 32, false, THRESHOLD);
  }

  private Path out() {
    return scratch.resolve("out");
  }

  private CommandResult evaluate(Path data, String... more) {
    return EvalCommands.run("evaluate", bundle, data, out(), more);
  }

  private JsonObject metrics() throws IOException {
    return JsonParser.parseString(Files.readString(out().resolve("metrics.json")))
        .getAsJsonObject();
  }

  private List<CSVRecord> rows() throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(out().resolve("predictions.csv"), UTF_8, format)) {
      return parser.getRecords();
    }
  }

  @Test
  void keepsThresholdAndUsesTrainingDatasetForTheRest() throws IOException {
    CommandResult run =
        evaluate(externalDataset, "--split", "all", "--train-data", trainingDataset.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject metrics = metrics();
    assertThat(metrics.getAsJsonObject("settings").get("threshold").getAsDouble())
        .isEqualTo(THRESHOLD);
    JsonObject data = metrics.getAsJsonObject("data");
    assertThat(data.get("name").getAsString()).isEqualTo("abroad");
    assertThat(data.get("developmentDataset").getAsString()).isEqualTo("home");
    assertThat(data.get("images").getAsInt()).isEqualTo(24);
    int validation =
        DatasetReader.read(trainingDataset.toString(), ValidationSplitRule.DEFAULT)
            .inSplit(Split.VALIDATION)
            .size();
    assertThat(data.get("validationImages").getAsInt()).isEqualTo(validation).isPositive();
    assertThat(rows()).hasSize(24 + validation);
    assertThat(data.get("split").getAsString()).isEqualTo("all");
    assertThat(rows().stream().filter(row -> row.get("used_for").equals("evaluation")))
        .hasSize(24)
        .extracting(row -> row.get("split"))
        .contains("train", "test");
    assertThat(Files.readString(out().resolve("report.html")))
        .contains("from another dataset than the training images", "come from home")
        .contains("of any split");
  }

  @Test
  void outOfDistributionScoreIsTheServedOne() throws IOException {
    assertThat(evaluate(externalDataset, "--train-data", trainingDataset.toString()).exitCode())
        .isZero();
    CSVRecord row = rows().get(3);
    try (Classifier classifier = Classifier.load(Bundle.open(bundle))) {
      GrayImage image = ImageDecoder.decode(externalDataset.resolve(row.get("path")));
      assertThat(Double.parseDouble(row.get("out_of_distribution")))
          .isCloseTo(
              OutOfDistributionScorer.of(classifier).orElseThrow().score(image), within(1e-4));
    }
    JsonObject figures = metrics().getAsJsonObject("metrics").getAsJsonObject("outOfDistribution");
    double limit = figures.getAsJsonObject("limit").get("value").getAsDouble();
    long beyond =
        rows().stream()
            .filter(r -> r.get("split").equals("test"))
            .filter(r -> Double.parseDouble(r.get("out_of_distribution")) > limit)
            .count();
    assertThat(figures.getAsJsonObject("rejected").get("value").getAsDouble())
        .isEqualTo(beyond / 8.0);
  }

  @Test
  void separateSourcesGiveNoCrossClassMetric() throws IOException {
    CommandResult run = evaluate(externalDataset, "--separate-sources", "--quick");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("not defined: the classes come from different sources");
    JsonObject binary = metrics().getAsJsonObject("metrics").getAsJsonObject("binary");
    assertThat(binary.getAsJsonObject("auroc").has("value")).isFalse();
    assertThat(binary.getAsJsonObject("recall").get("n").getAsInt()).isEqualTo(6);
    assertThat(binary.getAsJsonObject("specificity").get("n").getAsInt()).isEqualTo(2);
    assertThat(metrics().getAsJsonObject("settings").get("classSources").getAsString())
        .isEqualTo("separate");
    assertThat(Files.readString(out().resolve("report.html")))
        .contains("specificity", "No metric combines the two")
        .doesNotContain("NaN", "Infinity", "At another prevalence");
  }

  @Test
  void evaluatesWholeDatasetWithoutTrainingData() throws IOException {
    CommandResult run = evaluate(externalDataset, "--split", "all");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject metrics = metrics();
    assertThat(metrics.getAsJsonObject("data").get("validationImages").getAsInt()).isZero();
    assertThat(metrics.getAsJsonObject("data").get("images").getAsInt()).isEqualTo(24);
    JsonObject limit =
        metrics
            .getAsJsonObject("metrics")
            .getAsJsonObject("outOfDistribution")
            .getAsJsonObject("limit");
    assertThat(limit.get("reason").getAsString()).contains("no validation image");
  }

  @Test
  void thresholdRuleRequiresValidationImages() {
    CommandResult run = evaluate(externalDataset, "--split", "all", "--threshold", "youden");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("validation images").doesNotContain("\tat ");
    assertThat(out()).doesNotExist();
  }

  @Test
  void auditsBothDatasetsTogether() throws IOException {
    Path copied = scratch.resolve("copied");
    Path normal = Files.createDirectories(copied.resolve("test/NORMAL"));
    Path own = trainingDataset.resolve("train/NORMAL/IM-1000-0000.png");
    Files.copy(own, normal.resolve("IM-7777-0001.png"));
    Files.copy(
        externalDataset.resolve("test/NORMAL/IM-9500-0000.png"),
        normal.resolve("IM-7778-0001.png"));
    CommandResult run = evaluate(copied, "--train-data", trainingDataset.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(metrics().getAsJsonObject("leakage").toString())
        .containsPattern("(?i)duplicate|equal");
    assertThat(metrics().getAsJsonObject("leakage").get("verdict").getAsString())
        .isNotEqualTo("fit");
  }

  @Test
  void rejectsEvaluatingAllOfTheTrainingDataset() throws IOException {
    Path knn = scratch.resolve("knn");
    CommandResult made = EvalCommands.run("knn", bundle, trainingDataset, knn);
    assertThat(made.exitCode()).as(made.err()).isZero();
    CommandResult run = EvalCommands.run("evaluate", knn, trainingDataset, out(), "--split", "all");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("another dataset").doesNotContain("\tat ");
    assertThat(out()).doesNotExist();
  }
}
