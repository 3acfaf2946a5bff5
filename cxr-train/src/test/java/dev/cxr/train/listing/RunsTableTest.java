package dev.cxr.train.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTableTest {

  @TempDir private Path folder;

  private RunsFixture fixture() {
    return new RunsFixture(folder);
  }

  private List<String> lines(RunMetric metric, int width) throws IOException {
    return RunsTable.format(RunsFolder.read(folder), metric, ZoneId.of("Asia/Tokyo"), width)
        .lines()
        .toList();
  }

  /** A finished, evaluated run; a stopped one; and an evaluation of an unknown bundle. */
  private void writeRuns() throws IOException {
    String id = RunsFixture.id(fixture().finished("quick-001", Map.of(), 3, 0.95));
    fixture().run("quick-002", Map.of("learning-rate", "1e-3"), 4, 5, "10:30:01.000Z  end");
    fixture().evaluation("evaluation-001", id, "synthetic", "test", 5, 0.81);
    fixture().evaluation("evaluation-002", "ffffffffffff", "children", "all", 6, 0.7);
    Files.createDirectory(folder.resolve("empty"));
  }

  @Test
  void showsValidationBesideTest() throws IOException {
    writeRuns();
    List<String> lines = lines(RunMetric.AUROC, 120);
    assertThat(lines)
        .startsWith(folder + ": 2 training runs, 2 evaluations, 1 skipped", "")
        .containsSubsequence(
            "Run        Status    Started           Epochs  Best  Validation AUROC        Test"
                + " AUROC              Bundle",
            "quick-002  stopped   2026-03-04 19:00  5/12    5     0.850",
            "quick-001  finished  2026-03-03 19:00  12/12   12    0.950 (0.900 to 0.990)  0.810"
                + " (0.500 to 0.980)  "
                + RunsFixture.id(folder.resolve("quick-001")))
        .containsSubsequence(
            "Differs        quick-002  quick-001", "learning-rate  0.001      5e-4")
        .containsSubsequence(
            "Evaluation      Bundle of             Split  Dataset    Images  AUROC",
            "evaluation-002  quick (ffffffffffff)  all    children   120     0.700 (0.500 to"
                + " 0.980)",
            "evaluation-001  quick-001             test   synthetic  120     0.810 (0.500 to"
                + " 0.980)")
        .containsSubsequence(
            "Skipped", "  empty: No run, evaluation, comparison, bundle or other result.");
    assertThat(lines.indexOf("Resume")).isPositive();
    assertThat(lines.get(lines.indexOf("Resume") + 1))
        .contains("train --resume " + folder.resolve("quick-002"));
  }

  @Test
  void showsAnotherMetric() throws IOException {
    writeRuns();
    assertThat(lines(RunMetric.RECALL, 120))
        .anyMatch(line -> line.contains("Validation sensitivity  "))
        .anyMatch(line -> line.contains("0.900 (0.800 to 0.950)  0.700  "))
        .anyMatch(line -> line.matches("quick-002 .* 5/12 +5"));
    assertThat(lines(RunMetric.PRECISION, 120))
        .anyMatch(line -> line.matches("quick-001 .* 12 +not defined +\\w{12}"));
  }

  @Test
  void fitsNarrowTerminals() throws IOException {
    writeRuns();
    for (int width : new int[] {80, 100, 120}) {
      assertThat(lines(RunMetric.AUROC, width).subList(1, 9))
          .as("width %d", width)
          .allMatch(line -> line.length() <= width);
    }
    assertThat(lines(RunMetric.AUROC, 100).get(2)).contains("Started").doesNotContain("Bundle");
    assertThat(lines(RunMetric.AUROC, 80).get(2))
        .contains("Test AUROC")
        .doesNotContain("Started", "Best");
  }

  @Test
  void wrapsDifferencesOfManyRuns() throws IOException {
    for (int i = 1; i <= 12; i++) {
      fixture()
          .finished("a-run-of-mine-%02d".formatted(i), Map.of("seed", String.valueOf(i)), i, 0.9);
    }
    List<String> keys =
        lines(RunMetric.AUROC, 80).stream().filter(line -> line.startsWith("seed")).toList();
    assertThat(keys).hasSize(3).allMatch(line -> line.length() <= 80);
    assertThat(keys.get(0)).matches("seed     12 +11 +10 +9");
  }

  @Test
  void saysWhenRecipesAreTheSame() throws IOException {
    fixture().finished("a", Map.of(), 3, 0.9);
    assertThat(lines(RunMetric.AUROC, 80)).noneMatch(line -> line.contains("recipe"));
    fixture().finished("b", Map.of(), 4, 0.9);
    assertThat(lines(RunMetric.AUROC, 80)).contains("Dataset and recipe do not differ.");
  }

  @Test
  void emptyFolderHasNoRuns() throws IOException {
    assertThat(lines(RunMetric.AUROC, 80)).containsExactly(folder + ": no runs");
  }
}
