package dev.cxr.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists a run that was trained and evaluated by the commands. */
class RunsCommandTest {

  @TempDir private static Path folder;

  @BeforeAll
  static void trainAndEvaluate() {
    CliResult trained =
        CliResult.run(
            List.of(
                "train",
                "--no-relaunch",
                "--set=side=32",
                "--set=epochs=2",
                "--out=" + folder.resolve("quick-001")));
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    CapturedOutput<Integer> evaluated =
        CapturedOutput.during(
            () ->
                new dev.cxr.eval.Main()
                    .run(
                        "evaluate",
                        "--no-relaunch",
                        "--quick",
                        "--bundle=" + folder.resolve("quick-001/bundle"),
                        "--out=" + folder.resolve("evaluation-001")));
    assertThat(evaluated.value()).as(evaluated.err()).isZero();
  }

  private static CliResult runs(String... options) {
    List<String> arguments = new ArrayList<>(List.of("runs", "--dir", folder.toString()));
    arguments.addAll(List.of(options));
    return CliResult.run(arguments);
  }

  @Test
  void listsRunAndEvaluation() throws IOException {
    CliResult result = runs();
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    String id = Bundle.open(folder.resolve("quick-001/bundle")).id();
    String metric = "\\d\\.\\d{3} \\(\\d\\.\\d{3} to \\d\\.\\d{3}\\)";
    assertThat(result.out())
        .contains(": 1 training run, 1 evaluation")
        .containsPattern(
            "quick-001  finished  .* 2/2 +[12] +%s  %s  %s".formatted(metric, metric, id))
        .containsPattern("evaluation-001  quick-001  test   synthetic  \\d+ +" + metric)
        .doesNotContain("Skipped", "Resume");
  }

  @Test
  void jsonHasTheMetricsOfBundleAndEvaluation() throws IOException {
    CliResult result = runs("--json", "-");
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("schemaVersion").getAsInt()).isEqualTo(1);
    JsonObject run = json.getAsJsonArray("runs").get(0).getAsJsonObject();
    Bundle bundle = Bundle.open(folder.resolve("quick-001/bundle"));
    assertThat(run.get("bundle").getAsString()).isEqualTo(bundle.id());
    assertThat(run.get("bestEpoch").getAsInt()).isEqualTo(bundle.manifest().epoch());
    assertThat(run.get("testEvaluation").getAsString()).isEqualTo("evaluation-001");
    assertThat(run.get("resume").isJsonNull()).isTrue();
    JsonObject validation = bundle.manifest().validationMetrics().getAsJsonObject();
    JsonObject test =
        JsonParser.parseString(Files.readString(folder.resolve("evaluation-001/metrics.json")))
            .getAsJsonObject()
            .getAsJsonObject("metrics")
            .getAsJsonObject("binary");
    for (String metric : List.of("auroc", "accuracy", "recall", "specificity", "f1")) {
      assertThat(value(run, "validationMetrics", metric))
          .as(metric)
          .isEqualTo(validation.getAsJsonObject(metric).get("value").getAsDouble());
      assertThat(value(run, "testMetrics", metric))
          .as(metric)
          .isEqualTo(test.getAsJsonObject(metric).get("value").getAsDouble());
    }
    assertThat(json.getAsJsonArray("trainings")).hasToString("[\"quick-001\"]");
    assertThat(json.getAsJsonArray("recipeDifferences")).isEmpty();
    JsonObject evaluated =
        json.getAsJsonArray("evaluations")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("bundles")
            .get(0)
            .getAsJsonObject();
    assertThat(evaluated.get("run").getAsString()).isEqualTo("quick-001");
  }

  private static double value(JsonObject run, String metrics, String metric) {
    return run.getAsJsonObject(metrics).getAsJsonObject(metric).get("value").getAsDouble();
  }

  @Test
  void writesPageAndJson() {
    Path page = folder.resolve(".files/runs.html");
    Path json = folder.resolve(".files/runs.json");
    CliResult result =
        runs("quick-001", "--html", page.toString(), "--json", json.toString(), "--metric", "f1");
    assertThat(result.out()).contains("Validation F1", "Written: " + json, "Written: " + page);
    assertThat(page).content().contains("Validation loss", "../quick-001/report.html");
    assertThat(json).content().contains("\"folder\": \"%s\"".formatted(folder));
    CliResult onlyJson = runs("--json", "-", "--html", page.toString());
    assertThat(JsonParser.parseString(onlyJson.out()).isJsonObject()).isTrue();
    assertThat(onlyJson.err()).contains("Written: " + page);
  }

  @Test
  void unknownNamesAndFoldersAreUsageErrors() {
    CliResult name = runs("quick-002");
    assertThat(name.exitCode()).isEqualTo(2);
    assertThat(name.err()).contains("'quick-002'", "quick-001, evaluation-001");
    CliResult gone = CliResult.run(List.of("runs", "--dir", folder.resolve("gone").toString()));
    assertThat(gone.exitCode()).isEqualTo(2);
    assertThat(gone.err()).contains("nothing at " + folder.resolve("gone"));
    assertThat(runs("--metric", "r2").err()).contains("--metric", "multi-class-accuracy");
  }
}
