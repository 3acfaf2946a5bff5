package dev.cxr.eval.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.comparison.ModelEntry;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TestPrediction;
import dev.cxr.eval.report.EvaluationWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {

  @TempDir private static Path shared;
  private static Path dataset = Path.of("");
  private static Path first = Path.of("");
  private static Path second = Path.of("");
  private static Path three = Path.of("");
  private static Path subtype = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeDatasetAndBundles() throws IOException {
    dataset = TestDataset.write(shared.resolve("children"));
    first = TestBundle.withSeed(shared.resolve("first"), Task.BINARY, 32, 1);
    second = TestBundle.withSeed(shared.resolve("second"), Task.BINARY, 32, 2);
    three = TestBundle.withSeed(shared.resolve("three"), Task.THREE_CLASS, 48, 3);
    subtype = TestBundle.withSeed(shared.resolve("subtype"), Task.SUBTYPE, 32, 4);
  }

  private Path out() {
    return scratch.resolve("out");
  }

  private CommandResult compare(Path... bundles) {
    List<String> arguments = new ArrayList<>(List.of("compare", "--no-relaunch", "--bundle"));
    for (Path bundle : bundles) {
      arguments.add(bundle.toString());
    }
    arguments.addAll(List.of("--data", dataset.toString(), "--out", out().toString()));
    return CommandResult.run(arguments.toArray(String[]::new));
  }

  private JsonObject json() throws IOException {
    return JsonParser.parseString(Files.readString(out().resolve("comparison.json")))
        .getAsJsonObject();
  }

  @Test
  void comparesOnImagesIncludedInEveryTask() throws IOException {
    CommandResult run = compare(first, second, three);
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject json = json();
    // three-class takes no pneumonia of untold cause
    assertThat(json.getAsJsonObject("data").get("images").getAsInt()).isEqualTo(30);
    JsonObject comparison = json.getAsJsonObject("comparison");
    assertThat(comparison.getAsJsonArray("models")).hasSize(3);
    assertThat(comparison.getAsJsonArray("pairs")).hasSize(3);
    assertThat(run.out())
        .contains("3 bundles on the test split of children: 30 images of 15 patients")
        .contains("2 seeds of one recipe")
        .contains("not a medical device");
    JsonObject family = comparison.getAsJsonArray("seedGroups").get(0).getAsJsonObject();
    assertThat(family.getAsJsonArray("members")).hasSize(2);
  }

  @Test
  void comparisonFollowsFromPredictionsFile() throws IOException {
    assertThat(compare(first, second, three).exitCode()).isZero();
    List<CSVRecord> rows;
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(out().resolve("predictions.csv"), UTF_8, format)) {
      rows = parser.getRecords();
    }
    List<ModelEntry> entrants = new ArrayList<>();
    JsonObject comparison = json().getAsJsonObject("comparison");
    JsonElement family = comparison.getAsJsonArray("seedGroups").get(0);
    for (JsonElement standing : comparison.getAsJsonArray("models")) {
      String label = standing.getAsJsonObject().get("label").getAsString();
      EvaluationSettings settings =
          EvaluationWriter.GSON.fromJson(
              standing.getAsJsonObject().get("settings"), EvaluationSettings.class);
      boolean isOfFamily = family.toString().contains("\"" + label + "\"");
      entrants.add(
          new ModelEntry(
              label,
              isOfFamily ? "one" : "",
              settings,
              rows.stream().map(row -> prediction(label, settings.task(), row)).toList()));
    }
    JsonElement again =
        JsonParser.parseString(EvaluationWriter.GSON.toJson(ModelComparison.of(entrants)));
    assertThat(again).isEqualTo(comparison);
  }

  private static ImagePrediction prediction(String label, Task task, CSVRecord row) {
    return TestPrediction.of(
        row.get("path"),
        row.get("patient"),
        new Finding(row.get("finding")),
        Split.valueOf(row.get("split").toUpperCase(Locale.ROOT)),
        task.classes().stream()
            .map(name -> Double.valueOf(row.get("p_" + label + "_" + name)))
            .toList(),
        Map.of(),
        Map.of());
  }

  @Test
  void pageShowsAllCurvesAndIsSelfContained() throws IOException {
    assertThat(compare(first, second, three).exitCode()).isZero();
    String page = CommandResult.pageText(out().resolve("report.html"));
    assertThat(page)
        .contains("Several seeds of one recipe", "Pairwise tests", "All classes")
        .doesNotContain("NaN", "Infinity", "http://", "https://", "<script", "@import", "url(");
    assertThat(page.split("class=\"line-\\d dash-\\d\"", -1)).hasSize(1 + 2 * 3);
    for (JsonElement bundle : json().getAsJsonArray("bundles")) {
      assertThat(page).contains(bundle.getAsJsonObject().get("label").getAsString());
    }
  }

  @Test
  void showsWhereTheRecipesDiffer() throws IOException {
    CommandResult run = compare(first, second, three);
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = run.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    assertThat(lines)
        .contains("seed 1 2 3", "side 32 32 48", "task binary binary three-class")
        .noneMatch(line -> line.startsWith("epochs") || line.startsWith("weights"));
    assertThat(json().getAsJsonArray("recipeDifferences").toString())
        .isEqualTo(
            "[{\"key\":\"task\",\"values\":[\"binary\",\"binary\",\"three-class\"]},"
                + "{\"key\":\"side\",\"values\":[32,32,48]},{\"key\":\"seed\",\"values\":[1,2,3]}]");
    assertThat(CommandResult.pageText(out().resolve("report.html")))
        .contains("<tr><th scope=\"row\">side</th><td>32</td><td>32</td><td>48</td></tr>");
  }

  @Test
  void everyJsonKeyIsDocumented() throws IOException {
    assertThat(compare(first, second, three).exitCode()).isZero();
    String readme = Files.readString(Path.of("README.md"));
    JsonObject json = json();
    List<String> parts = new ArrayList<>(json.keySet());
    JsonObject comparison = json.getAsJsonObject("comparison");
    parts.addAll(comparison.keySet());
    for (String list : List.of("models", "pairs", "seedGroups")) {
      parts.addAll(comparison.getAsJsonArray(list).get(0).getAsJsonObject().keySet());
    }
    assertThat(parts).allSatisfy(part -> assertThat(readme).contains("`" + part + "`"));
  }

  @Test
  void rejectsSingleOrRepeatedBundle() {
    assertFails(compare(first), 2, "two or more different bundles");
    assertFails(compare(first, first), 2, "two or more different bundles");
  }

  @Test
  void rejectsDifferentPositiveClasses() {
    assertFails(compare(first, subtype), 1, "bundles of one positive class");
  }

  @Test
  void rejectsEmptySplit() throws IOException {
    Path normals = scratch.resolve("normals");
    TestDataset.write(normals, "train", 8, 1);
    CommandResult run =
        CommandResult.run(
            "compare",
            "--no-relaunch",
            "--bundle",
            first.toString(),
            "--bundle",
            second.toString(),
            "--data",
            normals.toString(),
            "--out",
            out().toString());
    assertFails(run, 1, "images in the test split");
  }

  private void assertFails(CommandResult run, int exitCode, String found) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).contains(found).doesNotContain("\tat ");
    assertThat(out()).doesNotExist();
  }
}
