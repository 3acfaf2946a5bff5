package dev.cxr.train.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.files.FileLock;
import dev.cxr.common.testing.ChildJvm;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.train.Main;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsFolderTest {

  @TempDir private Path folder;
  private RunsFixture fixture;

  @BeforeEach
  void create() {
    fixture = new RunsFixture(folder);
  }

  private RunsFolder read() throws IOException {
    return RunsFolder.read(folder);
  }

  private RunSummary only() throws IOException {
    RunsFolder runs = read();
    assertThat(runs.skipped()).isEmpty();
    assertThat(runs.runs()).hasSize(1);
    return runs.runs().get(0);
  }

  private Map<String, String> skipped() throws IOException {
    return read().skipped().stream()
        .collect(
            Collectors.toMap(RunsFolder.SkippedFolder::name, RunsFolder.SkippedFolder::reason));
  }

  @Test
  void finishedRunHasItsBundleWithMetrics() throws IOException {
    Path folderOfRun = fixture.finished("quick-001", Map.of(), 3, 0.95);
    RunSummary run = only();
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.started()).isEqualTo("2026-03-03T10:00:00Z");
    assertThat(run.ended()).hasValue(Instant.parse("2026-03-03T11:00:00Z"));
    assertThat(run.seconds()).isEqualTo(3600);
    assertThat(run.dataset()).isEqualTo("synthetic");
    assertThat(run.history()).hasSize(12);
    assertThat(run.bestEpoch()).hasValue(12);
    assertThat(run.bundle().orElseThrow().id()).isEqualTo(RunsFixture.id(folderOfRun));
    assertThat(run.validationMetrics())
        .containsEntry(
            RunMetric.AUROC, new Estimate.Defined(0.95, 93, new Interval(0.95 - 0.05, 0.99)))
        .containsEntry(RunMetric.PRECISION, new Estimate.Undefined("no positive prediction"))
        .doesNotContainKey(RunMetric.F1);
    assertThat(run.resumeCommand()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "STOPPED, '10:30:00.000Z  saved\n10:30:01.000Z  end'",
    "FAILED, '10:30:00.000Z  failed\n10:30:01.000Z  end'",
    "KILLED, '10:30:01.000Z  saved\n10:31:0'",
    "RUNNING, '10:30:01.000Z  saved'"
  })
  void logAndLockShowWhyARunIsUnfinished(RunStatus status, String log) throws IOException {
    Path folderOfRun = fixture.run("quick-001", Map.of(), 3, 5, log);
    FileLock lock =
        status == RunStatus.RUNNING ? FileLock.acquire(folderOfRun.resolve("bundle")) : null;
    try (lock) {
      RunSummary run = only();
      assertThat(run.status()).isEqualTo(status);
      assertThat(run.history()).hasSize(5);
      assertThat(run.bestEpoch()).as("the lowest validation loss").hasValue(5);
      if (status == RunStatus.RUNNING) {
        assertThat(run.resumeCommand()).isEmpty();
        assertThat(run.ended()).isEmpty();
        assertThat(run.seconds()).as("until now").isGreaterThan(1801);
      } else {
        assertThat(run.resumeCommand().orElseThrow()).contains("train --resume " + folderOfRun);
        assertThat(run.ended()).hasValue(Instant.parse("2026-03-03T10:30:01Z"));
        assertThat(run.seconds()).isEqualTo(1801);
      }
    }
  }

  /** A resumed run that failed before has a log with both. */
  @Test
  void lastStartCounts() throws IOException {
    fixture.run(
        "quick-001",
        Map.of(),
        3,
        1,
        "10:30:00.000Z  failed\n10:30:01.000Z  end\n11:00:00.000Z  start\n11:00:05.000Z  end");
    assertThat(only().status()).isEqualTo(RunStatus.STOPPED);
    assertThat(only().seconds()).isEqualTo(1806);
  }

  @Test
  void bestEpochIsTheOneThatTrainingWouldKeep() throws IOException {
    fixture.run("a", Map.of("early-stopping.min-delta", "100"), 3, 4, "10:30:01.000Z  end");
    assertThat(only().bestEpoch()).as("no later epoch improves by 100").hasValue(1);
    fixture.run("b", Map.of("keep", "last", "early-stopping.min-delta", "100"), 4, 4, "");
    assertThat(read().runs().get(0).bestEpoch()).hasValue(4);
  }

  @Test
  void newestIsFirst() throws IOException {
    fixture.finished("a", Map.of(), 3, 0.9);
    fixture.finished("b", Map.of(), 5, 0.9);
    fixture.finished("c", Map.of(), 4, 0.9);
    Path notBegun = fixture.run("d", Map.of());
    Files.setLastModifiedTime(
        notBegun.resolve("run.json"), FileTime.from(Instant.parse("2026-03-03T12:00:00Z")));
    assertThat(read().runs()).extracting(RunSummary::name).containsExactly("b", "c", "d", "a");
  }

  @Test
  void testMetricsAreOfTheNewestEvaluationOfTheTestSplitOfTheSameDataset() throws IOException {
    Path run = fixture.finished("quick-001", Map.of(), 3, 0.95);
    String id = RunsFixture.id(run);
    fixture.evaluation("evaluation-001", id, "synthetic", "test", 4, 0.81);
    fixture.evaluation("evaluation-002", id, "synthetic", "test", 6, 0.82);
    fixture.evaluation("evaluation-003", id, "synthetic", "validation", 7, 0.83);
    fixture.evaluation("evaluation-004", id, "children", "test", 8, 0.84);
    fixture.evaluation("evaluation-005", "ffffffffffff", "synthetic", "test", 9, 0.85);
    RunsFolder runs = read();
    RunsFolder.TestMetrics test =
        runs.test(runs.runs().get(0).bundle().orElseThrow()).orElseThrow();
    assertThat(test.evaluation()).isEqualTo("evaluation-002");
    Estimate auroc = test.metrics().getOrDefault(RunMetric.AUROC, new Estimate.Undefined("none"));
    assertThat(auroc.valueOr(0)).isEqualTo(0.82);
    assertThat(auroc.bestInterval()).as("by patient").isEqualTo(new Interval(0.5, 0.98));
    assertThat(test.metrics())
        .as("a task of two classes has no accuracy of all")
        .doesNotContainKey(RunMetric.MULTI_CLASS_ACCURACY);
    assertThat(runs.evaluations())
        .extracting(EvaluationSummary::name)
        .containsExactly(
            "evaluation-005",
            "evaluation-004",
            "evaluation-003",
            "evaluation-002",
            "evaluation-001");
    assertThat(runs.ownerOf(id)).hasValue("quick-001");
    assertThat(runs.ownerOf("ffffffffffff")).isEmpty();
  }

  @Test
  void linksComparisonsAndOtherBundles() throws IOException {
    String first = RunsFixture.id(fixture.finished("quick-001", Map.of(), 3, 0.95));
    String ensemble = RunsFixture.bundle(folder.resolve("ensemble"), 0.96);
    fixture.comparison("comparison-001", first, ensemble, 4);
    fixture.result("audit-001", "audit.json", 4, "{}");
    RunsFolder runs = read();
    assertThat(runs.skipped()).isEmpty();
    assertThat(runs.bundles()).extracting(BundleSummary::id).containsExactly(ensemble);
    assertThat(runs.ownerOf(ensemble)).hasValue("ensemble");
    assertThat(runs.evaluations().get(0).kind()).isEqualTo(EvaluationSummary.Kind.COMPARISON);
    assertThat(runs.test(runs.bundles().get(0)).orElseThrow().metrics().get(RunMetric.AUROC))
        .isEqualTo(new Estimate.Defined(0.62, 120));
    assertThat(runs.others()).containsExactly(new RunsFolder.OtherResult("audit-001", "audit"));
    assertThat(runs.counts())
        .isEqualTo("1 training run, 1 evaluation, 1 other bundle, 1 other result");
  }

  @Test
  void runsOfSeveralSeedsFollowTheirs() throws IOException {
    Path outer = fixture.run("seeds", Map.of("seed", "7"), "/images/chest_xray/", 3);
    RunsFixture inner = new RunsFixture(outer);
    inner.finished("seed-7", Map.of("seed", "7"), 4, 0.9);
    inner.run("seed-8", Map.of("seed", "8"), 5, 2, "10:10:00.000Z  end");
    inner.run("other", Map.of(), 5, 2, "");
    List<RunSummary> runs = read().runs();
    assertThat(runs)
        .extracting(RunSummary::name)
        .containsExactly("seeds", "seeds/seed-7", "seeds/seed-8");
    assertThat(runs)
        .extracting(RunSummary::status)
        .containsExactly(RunStatus.STOPPED, RunStatus.FINISHED, RunStatus.STOPPED);
    assertThat(runs.get(0).dataset()).isEqualTo("chest_xray");
    assertThat(runs.get(0).resumeCommand().orElseThrow()).contains("--resume " + outer);
    assertThat(runs.get(2).resumeCommand()).as("the outer run resumes it").isEmpty();
    assertThat(read().trainings()).extracting(RunSummary::name).doesNotContain("seeds");
    try (FileLock lock = FileLock.acquire(outer.resolve("bundle"))) {
      assertThat(lock).isNotNull();
      assertThat(read().runs().get(0).status()).isEqualTo(RunStatus.RUNNING);
    }
    try (FileLock lock = FileLock.acquire(outer.resolve("seed-8/bundle"))) {
      assertThat(lock).isNotNull();
      assertThat(read().runs()).element(0).matches(run -> run.status() == RunStatus.RUNNING);
    }
    RunsFixture.train(outer.resolve("seed-8"), 5, 12, "11:00:00.000Z  end");
    RunsFixture.bundle(outer.resolve("seed-8/bundle"), 0.9);
    assertThat(read().runs().get(0).status())
        .as("one seed is missing")
        .isEqualTo(RunStatus.STOPPED);
    inner.finished("seed-9", Map.of("seed", "9"), 6, 0.9);
    assertThat(read().runs().get(0).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void cascadeHasTwoSteps() throws IOException {
    Path outer = fixture.run("cascade-001", Map.of("task", "three-class", "cascade", "true"));
    new RunsFixture(outer).finished("step-1-binary", Map.of(), 4, 0.9);
    RunsFolder runs = read();
    assertThat(runs.runs())
        .extracting(RunSummary::name)
        .containsExactly("cascade-001", "cascade-001/step-1-binary");
    assertThat(runs.trainings()).isEqualTo(runs.runs());
    assertThat(runs.runs().get(0).resumeCommand()).isPresent();
  }

  @Test
  void differencesAreOfDatasetAndRecipe() throws IOException {
    fixture.finished("a", Map.of("learning-rate", "1e-3", "side", "64"), 3, 0.9);
    fixture.finished("b", Map.of("side", "64"), 4, 0.9);
    assertThat(read().differences())
        .hasSize(1)
        .allSatisfy(
            difference -> {
              assertThat(difference.key()).isEqualTo("learning-rate");
              assertThat(difference.texts()).containsExactly("5e-4", "0.001");
            });
    fixture.run("c", Map.of("side", "64"), "/images/chest_xray", 1);
    assertThat(read().differences())
        .extracting(difference -> difference.key())
        .containsExactly("dataset", "learning-rate");
  }

  @Test
  void readsFilesOfEarlierVersions() throws IOException {
    Path run = fixture.finished("old", Map.of(), 3, 0.95);
    Files.writeString(
        run.resolve("run.json"),
        "{\"source\": {\"data\": \"synthetic\"}, \"seeds\": 1, \"pictures\": \"0123\"}");
    Path recipe = run.resolve("recipe.yaml");
    Files.writeString(
        recipe,
        Recipes.toYaml(Recipes.read("quick", Map.of()))
            .replace("description:", "about:")
            .replace("flip-averaging:", "mirrored:")
            .replace("ema:", "averaging:"));
    Path manifest = run.resolve("bundle/bundle.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"formatVersion\": 2", "\"formatVersion\": 1")
            .replace("\"validationMetrics\"", "\"validation\"")
            .replace("\"validationRule\"", "\"validation\"")
            .replace("\"rule\"", "\"chosenBy\""));
    Path metrics =
        fixture.evaluation("evaluation-001", RunsFixture.id(run), "synthetic", "test", 4, 0.81);
    Files.writeString(
        metrics,
        Files.readString(metrics)
            .replace("\"schemaVersion\": 3", "\"schemaVersion\": 2")
            .replace("\"images\"", "\"pictures\"")
            .replace("\"thresholdRule\"", "\"thresholdChosenBy\"")
            .replace("\"metrics\"", "\"figures\"")
            .replace("\"multiClass\"", "\"classes\""));
    RunSummary read = only();
    assertThat(read.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(read.validationMetrics())
        .containsEntry(
            RunMetric.AUROC, new Estimate.Defined(0.95, 93, new Interval(0.95 - 0.05, 0.99)));
    assertThat(read().test(read.bundle().orElseThrow()).orElseThrow().evaluation())
        .isEqualTo("evaluation-001");
  }

  @Test
  void newerFormatsAreSkippedWithTheReason() throws IOException {
    Path run = fixture.finished("run", Map.of(), 3, 0.9);
    Path manifest = run.resolve("bundle/bundle.json");
    Files.writeString(
        manifest,
        Files.readString(manifest).replace("\"formatVersion\": 2", "\"formatVersion\": 3"));
    Files.writeString(
        fixture.run("recipe", Map.of()).resolve("recipe.yaml"),
        Recipes.toYaml(Recipes.read("quick", Map.of())) + "new-key: 1\n");
    fixture.result("evaluation", "metrics.json", 3, "{\"schemaVersion\": 4}");
    fixture.result("comparison", "comparison.json", 3, "{\"schemaVersion\": 3}");
    assertThat(read().runs()).isEmpty();
    Map<String, String> reasons = skipped();
    assertThat(reasons).hasSize(4);
    assertThat(reasons.get("run")).contains("format version 3", "Use the version of cxr");
    assertThat(reasons.get("recipe")).contains("new-key");
    assertThat(reasons.get("evaluation")).contains("version 4");
    assertThat(reasons.get("comparison")).contains("schema version 2", "version 3");
  }

  @Test
  void damagedAndForeignFoldersAreSkippedWithTheReason() throws IOException {
    fixture.finished("good", Map.of(), 3, 0.9);
    Files.createDirectory(folder.resolve("empty"));
    Files.createDirectory(folder.resolve(".quick-002.unfinished-0b8f"));
    Files.createDirectory(folder.resolve(".hidden"));
    Files.writeString(folder.resolve("notes.txt"), "a file is no run");
    Files.writeString(fixture.run("request", Map.of()).resolve("run.json"), "{\"seeds\": ");
    Files.delete(fixture.run("no-recipe", Map.of()).resolve("recipe.yaml"));
    Files.writeString(
        fixture.run("nested", Map.of()).resolve("recipe.yaml"), "name: " + "[".repeat(500_000));
    Files.writeString(fixture.run("history", Map.of()).resolve("history.csv"), "epoch\nx\n");
    Files.delete(fixture.finished("no-sums", Map.of(), 3, 0.9).resolve("bundle/SHA256SUMS"));
    fixture.result("json", "metrics.json", 3, "[");
    Path keys = fixture.evaluation("keys", "0123", "synthetic", "test", 3, 0.9);
    Files.writeString(keys, Files.readString(keys).replace("\"0123\"", "7"));
    fixture.result("folder-as-file/metrics.json", "x", 3, "");
    fixture.result("no-keys", "comparison.json", 3, "{\"schemaVersion\": 2}");
    RunsFolder runs = read();
    assertThat(runs.runs()).extracting(RunSummary::name).containsExactly("good");
    assertThat(runs.evaluations()).isEmpty();
    Map<String, String> reasons = skipped();
    assertThat(reasons)
        .containsOnlyKeys(
            "empty",
            ".quick-002.unfinished-0b8f",
            "request",
            "no-recipe",
            "nested",
            "history",
            "no-sums",
            "json",
            "keys",
            "folder-as-file",
            "no-keys");
    assertThat(reasons.values())
        .noneMatch(reason -> reason.contains("Failed unexpectedly"))
        .allMatch(reason -> reason.endsWith(".") && reason.length() <= 400);
    assertThat(reasons.get("history")).contains("history.csv");
    assertThat(reasons.get("keys")).contains("'id'");
    assertThat(runs.counts()).isEqualTo("1 training run, 11 skipped");
  }

  @Test
  void largeFilesAreNotRead() throws IOException {
    for (String file : List.of("run.json", "recipe.yaml", "history.csv", "bundle/bundle.json")) {
      Path run = fixture.finished("large-" + file.replaceAll("\\W", "-"), Map.of(), 3, 0.9);
      extend(run.resolve(file), 1L << 36);
    }
    extend(fixture.result("large-metrics", "metrics.json", 3, "{"), 1L << 36);
    extend(fixture.result("large-comparison", "comparison.json", 3, "{"), 1L << 36);
    Path log = fixture.finished("log", Map.of(), 3, 0.9).resolve("run.log");
    extend(log, 1L << 36);
    assertThat(skipped())
        .hasSize(6)
        .allSatisfy((name, why) -> assertThat(name).startsWith("large"));
    assertThat(read().runs()).extracting(RunSummary::name).containsExactly("log");
  }

  /** Makes a sparse file. */
  private static void extend(Path file, long length) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(length);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksAreFollowedOnce() throws IOException {
    Path run = fixture.finished("quick-001", Map.of(), 3, 0.9);
    Files.createSymbolicLink(folder.resolve("latest"), run);
    Files.createSymbolicLink(folder.resolve("loop"), folder);
    Files.createSymbolicLink(folder.resolve("broken"), folder.resolve("gone"));
    Path elsewhere = folder.resolve("inner/elsewhere");
    new RunsFixture(folder.resolve("inner")).finished("elsewhere", Map.of(), 4, 0.9);
    Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
    Files.createDirectory(Path.of(URI.create(folder.toUri() + "M%FCller")));
    assertThat(read().runs()).extracting(RunSummary::name).containsExactly("linked", "quick-001");
    assertThat(skipped())
        .containsEntry("latest", "A link to quick-001, which is listed.")
        .containsEntry("broken", "A link to nothing.")
        .containsEntry("M\\xFCller", "Not read: its name is no text in this locale; rename it.")
        .containsOnlyKeys("latest", "broken", "loop", "inner", "M\\xFCller");
  }

  @Test
  void hugeFoldersAreReadInPart() throws IOException {
    for (int i = 0; i < 10_005; i++) {
      Files.createFile(folder.resolve("file-" + i));
    }
    assertThat(read().skipped())
        .hasSize(1)
        .allSatisfy(more -> assertThat(more.reason()).contains("more than 10000 entries"));
  }

  @Test
  void namesSelectRunsWithTheirEvaluations() throws IOException {
    String first = RunsFixture.id(fixture.finished("quick-001", Map.of(), 3, 0.95));
    String second = RunsFixture.id(fixture.finished("quick-002", Map.of(), 4, 0.9));
    Path outer = fixture.run("seeds", Map.of(), "synthetic", 2);
    new RunsFixture(outer).finished("seed-1", Map.of(), 5, 0.9);
    fixture.evaluation("evaluation-001", first, "synthetic", "test", 4, 0.8);
    fixture.evaluation("evaluation-002", second, "synthetic", "test", 4, 0.8);
    fixture.comparison("comparison-001", first, second, 5);
    RunsFolder one = read().select(List.of("quick-001"));
    assertThat(one.runs()).extracting(RunSummary::name).containsExactly("quick-001");
    assertThat(one.evaluations())
        .extracting(EvaluationSummary::name)
        .containsExactly("comparison-001", "evaluation-001");
    RunsFolder several =
        read().select(List.of(outer + "/", folder.resolve("evaluation-002").toString()));
    assertThat(several.runs())
        .extracting(RunSummary::name)
        .containsExactly("seeds", "seeds/seed-1");
    assertThat(several.evaluations())
        .extracting(EvaluationSummary::name)
        .containsExactly("evaluation-002");
    assertThat(read().select(List.of())).isEqualTo(read());
    assertThatThrownBy(() -> read().select(List.of("quick-003")))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("quick-001")
        .hasMessageContaining("'quick-003'");
  }

  @Test
  void folderMustExist() {
    assertThatThrownBy(() -> RunsFolder.read(folder.resolve("gone")))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("--dir");
  }

  /** The command loads no class of the engine, whose start takes seconds. */
  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void doesNotStartTheEngine() throws IOException {
    fixture.finished("quick-001", Map.of(), 3, 0.95);
    Path page = folder.resolve("runs.html");
    try (ChildJvm child =
        ChildJvm.start(
            Map.of(),
            List.of("-Xlog:class+load:file=" + folder.resolve("classes.log")),
            Main.class,
            "runs",
            "--dir",
            folder.toString(),
            "--html",
            page.toString())) {
      assertThat(child.remainingOutput()).contains("quick-001", "Written: " + page);
    }
    assertThat(Files.readString(folder.resolve("classes.log")))
        .contains("dev.cxr.train.listing.RunsFolder ")
        .doesNotContain("ai.djl.engine.", "ai.djl.pytorch", "ai.djl.util.NativeResource");
  }
}
