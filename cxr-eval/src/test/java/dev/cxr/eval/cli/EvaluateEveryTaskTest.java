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
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.explanation.ReconstructionView;
import dev.cxr.eval.prediction.BaselineFeature;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.Perturbation;
import dev.cxr.eval.prediction.PredictionFile;
import dev.cxr.eval.prediction.ReconstructionScore;
import dev.cxr.eval.report.EvaluationWriter;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way, from a folder of pictures to page, figures and predictions. */
class EvaluateEveryTaskTest {

  private static final int SIDE = 32;
  private static final Gson GSON = new Gson();

  @TempDir private static Path shared;
  private static Path dataset = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeDataset() throws IOException {
    dataset = TestDataset.write(shared.resolve("children"));
  }

  @Test
  void classesOfOnesOwnAreShownEverywhere() throws IOException {
    Task task =
        Task.classification(List.of("healthy", "Tuberculosis", "Lung shadow"), Optional.empty());
    Path own = scratch.resolve("own");
    for (int i = 0; i < 120; i++) {
      String folder = "%s/%s".formatted(i % 2 == 0 ? "train" : "test", task.classes().get(i % 3));
      Path images = Files.createDirectories(own.resolve(folder));
      PngEncoder.write(
          new ImageSource.SyntheticSource(Finding.BUILT_IN.get(i % 3), i, i, 48).read(),
          images.resolve("%d.png".formatted(i)));
    }
    Path bundle = TestBundle.write(scratch.resolve("bundle"), task, SIDE, false, 0.5);
    Path out = scratch.resolve("out");
    Path figures = scratch.resolve("figures");
    CommandResult run =
        EvalCommands.run("evaluate", bundle, own, out, "--figures", figures.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    String page = CommandResult.pageText(out.resolve("report.html"));
    for (String text :
        List.of(
            run.out(),
            page,
            Files.readString(out.resolve("metrics.json")),
            Files.readString(out.resolve("predictions.csv")),
            Files.readString(figures.resolve("confusion-classes.svg")))) {
      assertThat(text)
          .contains("healthy", "Tuberculosis", "Lung shadow")
          .doesNotContainIgnoringCase("pneumonia")
          .doesNotContainIgnoringCase("cascade");
    }
    assertThat(page).contains("images that are not healthy");
    assertThat(rows(out))
        .extracting(row -> row.get("decision"))
        .isNotEmpty()
        .allMatch(List.of("healthy", "not healthy")::contains);
  }

  private Path evaluate(Task task, String... more) throws IOException {
    Path bundle = TestBundle.write(scratch.resolve("bundle"), task, SIDE, false, 0.5);
    Path out = scratch.resolve("out");
    CommandResult run = EvalCommands.run("evaluate", bundle, dataset, out, more);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return out;
  }

  private static JsonObject metrics(Path out) throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve("metrics.json"))).getAsJsonObject();
  }

  private static List<CSVRecord> rows(Path out) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(out.resolve("predictions.csv"), UTF_8, format)) {
      return parser.getRecords();
    }
  }

  private static ImagePrediction prediction(Task task, CSVRecord row) {
    Map<BaselineFeature, Double> traits = new EnumMap<>(BaselineFeature.class);
    for (BaselineFeature trait : BaselineFeature.values()) {
      if (row.isMapped(trait.column()) && !row.get(trait.column()).isEmpty()) {
        traits.put(trait, Double.valueOf(row.get(trait.column())));
      }
    }
    Map<Perturbation, Double> changed = new EnumMap<>(Perturbation.class);
    for (Perturbation change : Perturbation.values()) {
      if (row.isMapped(change.column()) && !row.get(change.column()).isEmpty()) {
        changed.put(change, Double.valueOf(row.get(change.column())));
      }
    }
    return new ImagePrediction(
        row.get("path"),
        row.get("patient"),
        new Finding(row.get("finding")),
        Split.valueOf(row.get("split").toUpperCase(Locale.ROOT)),
        task.classes().stream().map(name -> Double.valueOf(row.get("p_" + name))).toList(),
        traits,
        changed,
        row.isMapped(PredictionFile.OUT_OF_DISTRIBUTION)
            ? Optional.of(Double.valueOf(row.get(PredictionFile.OUT_OF_DISTRIBUTION)))
            : Optional.empty(),
        row.isMapped(PredictionFile.SSIM)
            ? Optional.of(
                new ReconstructionScore(
                    Double.parseDouble(row.get(PredictionFile.MEAN_SQUARED_ERROR)),
                    Double.parseDouble(row.get(PredictionFile.SSIM))))
            : Optional.empty());
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void metricsFollowFromPredictionsFile(Task task) throws IOException {
    Path out = evaluate(task);
    List<ImagePrediction> all = rows(out).stream().map(row -> prediction(task, row)).toList();
    JsonObject metrics = metrics(out);
    EvaluationSettings settings = GSON.fromJson(metrics.get("settings"), EvaluationSettings.class);
    EvaluationMetrics again =
        EvaluationMetrics.of(
            settings,
            all.stream().filter(p -> p.split() == Split.TEST).toList(),
            all.stream().filter(p -> p.split() == Split.VALIDATION).toList());
    JsonElement expected = JsonParser.parseString(EvaluationWriter.GSON.toJson(again));
    assertThat(metrics.get("metrics")).isEqualTo(expected);
    assertThat(CommandResult.pageText(out.resolve("report.html")))
        .doesNotContain("NaN", "Infinity");
    assertThat(again.robustness()).hasSize(Perturbation.values().length);
    assertThat(again.baselines()).hasSize(BaselineFeature.values().length);
    assertThat(again.outOfDistribution().isPresent()).isEqualTo(!task.equals(Task.ANOMALY));
    assertThat(again.cascade().isPresent()).isEqualTo(task.equals(Task.THREE_CLASS));
    assertThat(again.reconstruction()).hasSize(task.equals(Task.ANOMALY) ? 2 : 0);
    assertThat(all).allMatch(p -> task.includes(p.finding()));
    assertThat(again.binary().confusion().n())
        .isEqualTo(
            switch (task.name()) {
              case "subtype" -> 20;
              case "three-class" -> 30;
              default -> 40;
            });
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void decisionsFollowFromPositiveProbabilityAndThreshold(Task task) throws IOException {
    Path out = evaluate(task, "--quick");
    assertThat(rows(out))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              ImagePrediction own = prediction(task, row);
              boolean positive = own.positiveProbability(task) >= 0.5;
              assertThat(row.get("decision"))
                  .isEqualTo(positive ? task.positiveClass() : task.classes().get(0));
              assertThat(own.probabilities().stream().mapToDouble(p -> p).sum())
                  .isBetween(1 - 1e-9, 1 + 1e-9);
            });
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Task#BUILT_IN")
  void pageIsSelfContainedAndDescribesItsImages(Task task) throws IOException {
    String page = CommandResult.pageText(evaluate(task, "--quick").resolve("report.html"));
    assertThat(page)
        .contains("Research software, not a medical device.", task.positiveClass())
        .doesNotContain("NaN", "Infinity", "http://", "https://", "<script", "@import", "url(");
    Matcher charts =
        Pattern.compile("<svg [^>]*role=\"img\" aria-labelledby=\"(\\S+) (\\S+)\"").matcher(page);
    int found = 0;
    while (charts.find()) {
      assertThat(page).containsPattern("<title id=\"" + charts.group(1) + "\">[^<]{3,}");
      assertThat(page).containsPattern("<desc id=\"" + charts.group(2) + "\">[^<]{20,}");
      found++;
    }
    assertThat(found).as("without training images").isEqualTo(5);
  }

  @Test
  void quickEvaluationSkipsSlowPartsAndSaysSo() throws IOException {
    Path out = evaluate(Task.BINARY, "--quick");
    JsonObject metrics = metrics(out);
    assertThat(metrics.getAsJsonObject("metrics").getAsJsonArray("robustness")).isEmpty();
    assertThat(metrics.has("leakage")).isFalse();
    assertThat(CommandResult.pageText(out.resolve("report.html")))
        .contains("was not audited", "Grad-CAM for")
        .doesNotContain("Training: ");
    assertThat(rows(out).get(0).toMap().keySet())
        .contains("file_bytes")
        .doesNotContain("border", "p_jpeg");
  }

  @Test
  void errorsShowNearestTrainingImages() throws IOException {
    Path out = evaluate(Task.BINARY);
    JsonObject cases = metrics(out).getAsJsonObject("cases");
    List<Xray> training =
        DatasetReader.read(dataset.toString(), ValidationSplitRule.DEFAULT).inSplit(Split.TRAIN);
    List<GrayImage> pictures = new ArrayList<>();
    for (Xray xray : training) {
      pictures.add(xray.source().read());
    }
    JsonObject error = cases.getAsJsonArray("errors").get(0).getAsJsonObject();
    JsonObject nearest = error.getAsJsonArray("nearest").get(0).getAsJsonObject();
    assertThat(error.getAsJsonArray("nearest")).hasSize(3);
    Path file = dataset.resolve(error.get("path").getAsString());
    try (Classifier classifier = Classifier.load(Bundle.open(scratch.resolve("bundle")))) {
      float[] own = classifier.embeddings(List.of(ImageDecoder.decode(file)))[0];
      float[][] others = classifier.embeddings(pictures);
      int best = 0;
      for (int i = 0; i < others.length; i++) {
        best = cosineSimilarity(own, others[i]) > cosineSimilarity(own, others[best]) ? i : best;
      }
      assertThat(nearest.get("path").getAsString()).isEqualTo(training.get(best).id());
      assertThat(nearest.get("distance").getAsDouble())
          .isCloseTo(1 - cosineSimilarity(own, others[best]), within(1e-5));
    }
    assertThat(CommandResult.pageText(out.resolve("report.html")))
        .contains("not where a disease is", "Training: ")
        .contains(cases.get("errorCount").getAsInt() + " errors");
  }

  private static double cosineSimilarity(float[] a, float[] b) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      first += a[i] * a[i];
      second += b[i] * b[i];
    }
    return product / Math.sqrt(first * second);
  }

  @Test
  void reconstructionsAreShownAndScored() throws IOException {
    Path out = evaluate(Task.ANOMALY, "--quick");
    assertThat(Files.readString(out.resolve("report.html")))
        .contains("Reconstruction", "Difference, largest in white", "structural similarity")
        .doesNotContain("Grad-CAM", "NaN");
    CSVRecord row = rows(out).get(0);
    GrayImage picture = ImageDecoder.decode(dataset.resolve(row.get("path")));
    try (Classifier classifier = Classifier.load(Bundle.open(scratch.resolve("bundle")))) {
      ReconstructionView given = ReconstructionView.of(classifier, picture, SIDE).orElseThrow();
      double sum = 0;
      for (int i = 0; i < SIDE * SIDE; i++) {
        double apart =
            ((given.input().pixels()[i] & 0xFF) - (given.reconstruction().pixels()[i] & 0xFF))
                / 255.0;
        sum += apart * apart;
      }
      assertThat(Double.parseDouble(row.get("mean_squared_error")))
          .isCloseTo(sum / SIDE / SIDE, within(2e-3));
      assertThat(given.resizedDifference(given.input()).pixels()).contains((byte) 255);
    }
    JsonObject score =
        metrics(out)
            .getAsJsonObject("metrics")
            .getAsJsonArray("reconstruction")
            .get(0)
            .getAsJsonObject();
    assertThat(score.getAsJsonObject("operatingPoint").get("thresholdRule").getAsString())
        .isEqualTo("false positive rate of at most 0.05 on validation");
    // the bundle's own score is the logarithm of that error: they rank alike
    assertThat(score.getAsJsonObject("auroc").get("value").getAsDouble())
        .isCloseTo(
            metrics(out)
                .getAsJsonObject("metrics")
                .getAsJsonObject("binary")
                .getAsJsonObject("auroc")
                .get("value")
                .getAsDouble(),
            within(0.02));
  }

  @Test
  void outputIsDeterministic() throws IOException {
    Path out = evaluate(Task.THREE_CLASS, "--quick");
    Path bundle = scratch.resolve("bundle");
    Path again = scratch.resolve("again");
    CommandResult run = EvalCommands.evaluateQuick(bundle, dataset, again);
    assertThat(run.exitCode()).isZero();
    for (String file : List.of("metrics.json", "predictions.csv", "report.html")) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(out.resolve(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"youden", "sensitivity=0.9", "cost=3"})
  void choosesThresholdOnValidation(String rule) throws IOException {
    Path out = evaluate(Task.BINARY, "--quick", "--threshold", rule);
    JsonObject settings = metrics(out).getAsJsonObject("settings");
    assertThat(settings.get("thresholdRule").getAsString()).endsWith(" on validation");
    double threshold = settings.get("threshold").getAsDouble();
    List<ImagePrediction> validation =
        rows(out).stream()
            .map(row -> prediction(Task.BINARY, row))
            .filter(p -> p.split() == Split.VALIDATION)
            .toList();
    if (rule.startsWith("sensitivity")) {
      long positives = validation.stream().filter(p -> p.finding().isPneumonia()).count();
      long found =
          validation.stream()
              .filter(
                  p -> p.finding().isPneumonia() && p.positiveProbability(Task.BINARY) >= threshold)
              .count();
      assertThat((double) found / positives).isGreaterThanOrEqualTo(0.9);
    }
    assertThat(threshold).isNotEqualTo(0.5);
  }

  @Test
  void rejectsUnknownThresholdRule() {
    for (String rule : List.of("best", "sensitivity=2", "cost", "cost=-1")) {
      CommandResult run =
          CommandResult.run("evaluate", "--no-relaunch", "--bundle", "x", "--threshold", rule);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--threshold", "youden", "found '" + rule + "'");
    }
  }

  @Test
  void warnsWhenEvaluatingValidation() throws IOException {
    Path out = evaluate(Task.BINARY, "--quick", "--split", "validation");
    assertThat(CommandResult.pageText(out.resolve("report.html")))
        .contains("This is the validation split");
    assertThat(rows(out)).allSatisfy(row -> assertThat(row.get("split")).isEqualTo("validation"));
  }

  @Test
  void everyJsonKeyIsDocumented() throws IOException {
    JsonObject metrics = metrics(evaluate(Task.BINARY));
    String readme = Files.readString(Path.of("README.md"));
    List<String> parts = new ArrayList<>(metrics.keySet());
    for (String part :
        List.of("bundle", "data", "settings", "metrics", "cases", "leakage", "dataSheet")) {
      parts.addAll(metrics.getAsJsonObject(part).keySet());
    }
    assertThat(parts).allSatisfy(part -> assertThat(readme).contains("`" + part + "`"));
    assertThat(Arrays.stream(BaselineFeature.values()).map(BaselineFeature::column))
        .allSatisfy(column -> assertThat(readme).contains("`" + column + "`"));
    assertThat(Arrays.stream(Perturbation.values()).map(Perturbation::column))
        .allSatisfy(column -> assertThat(readme).contains("`" + column + "`"));
  }
}
