package dev.cxr.reproduction.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.index.Task;
import dev.cxr.eval.cli.EvalCommands;
import dev.cxr.eval.cli.TestBundle;
import dev.cxr.eval.cli.TestDataset;
import dev.cxr.eval.metrics.unlabelled.ClassPresence;
import dev.cxr.reproduction.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsCommandTest {

  private static final String RUN = "{\"device\": \"%s\", \"seconds\": 60, \"starts\": 1}";

  private static final int SIDE = 32;

  private static final String DERIVED = "Ensembles, nearest neighbours, site calibration";

  @TempDir private Path scratch;

  private Path resultsFolder() {
    return scratch.resolve("results");
  }

  private static JsonObject metric(double value) {
    JsonObject figure = new JsonObject();
    figure.addProperty("value", value);
    figure.addProperty("n", 200);
    JsonObject interval = new JsonObject();
    interval.addProperty("low", value - 0.02);
    interval.addProperty("high", value + 0.02);
    figure.add("interval", interval);
    return figure;
  }

  private static JsonObject negatives(String split, int n, double median, double specificity) {
    JsonObject own = new JsonObject();
    own.addProperty("split", split);
    own.addProperty("n", n);
    own.addProperty("lowerQuartile", median / 2);
    own.addProperty("median", median);
    own.addProperty("upperQuartile", median * 2);
    own.addProperty("specificity", specificity);
    return own;
  }

  /** A result of schema version 2, without a metric. */
  private JsonObject result(String recipe, long seed) {
    return JsonParser.parseString(
            """
            {
              "schemaVersion": 2,
              "disclaimer": "Research software, not a medical device.",
              "recipe": {"name": "%s", "task": "binary", "architecture": "compact-cnn", "side": 150,
                         "seed": %d, "epochs": 12, "variant": "0123456789ab"},
              "bundle": {"id": "%s%d", "architecture": "compact-cnn", "epoch": 11,
                         "threshold": {"value": 0.4, "chosenBy": "a rule"},
                         "cxr": "0.1.0", "gitCommit": "abc1234"},
              "run": {"device": "CPU: two cores", "seconds": 4380, "starts": 2, "peakMebibytes": 900},
              "data": {"name": "chest-xray", "synthetic": false, "split": "test", "pictures": 200,
                       "patients": 150, "fingerprint": "feed", "validationPictures": 50},
              "figures": {},
              "negatives": []
            }
            """
                .formatted(recipe, seed, recipe, seed))
        .getAsJsonObject();
  }

  private JsonObject with(JsonObject result, String name, double value) {
    result.getAsJsonObject("figures").add(name, metric(value));
    return result;
  }

  private JsonObject ensemble(String members) {
    JsonObject ensemble = result("mobilenet", 1);
    ensemble
        .getAsJsonObject("bundle")
        .addProperty("architecture", "ensemble(%s)".formatted(members));
    return ensemble;
  }

  private void store(String path, JsonObject result) throws IOException {
    Path folder = Files.createDirectories(resultsFolder().resolve(path));
    Files.writeString(folder.resolve("result.json"), result.toString());
  }

  private record CommandResult(int exitCode, String out, String err) {}

  private static CommandResult run(String... arguments) {
    try {
      CapturedOutput<Integer> run = CapturedOutput.during(() -> new Main().run(arguments));
      return new CommandResult(run.value(), run.out(), run.err());
    } catch (Exception e) {
      throw new AssertionError("a command reports its failure by exit code", e);
    }
  }

  private String commands() throws IOException {
    results();
    return Files.readString(resultsFolder().resolve("commands.sh"));
  }

  private static String section(String results, String title) {
    int start = results.indexOf("## " + title + "\n");
    int end = results.indexOf("\n## ", start);
    return start < 0 ? "" : results.substring(start, end < 0 ? results.length() : end);
  }

  private String results() throws IOException {
    Path out = scratch.resolve("RESULTS.md");
    CommandResult run =
        run("results", "--runs", resultsFolder().toString(), "--out", out.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    return Files.readString(out);
  }

  private void storeCompact() throws IOException {
    double[] accuracies = {0.80, 0.82, 0.90};
    for (int seed = 1; seed <= 3; seed++) {
      JsonObject result = with(result("compact", seed), "accuracy", accuracies[seed - 1]);
      JsonArray negatives = new JsonArray();
      negatives.add(negatives("validation", 20, 0.1, 0.95));
      negatives.add(negatives("test", 80, 0.3, 0.7));
      result.add("negatives", negatives);
      store("compact/seed-" + seed, result);
    }
  }

  @Test
  void showsMeanAndDeviationOverSeeds() throws IOException {
    storeCompact();
    // Mean of .80, .82 and .90 is .84, their deviation √(.0056 / 2) = .0529. The half-width over
    // seeds is
    // 4.3027 · .0529 / √3 = .1315, that of each seed by patient .02: √(.1315² + .02²) = .133.
    assertThat(section(results(), "Recipes"))
        .contains(
            """
            |  | accuracy | threshold | bundle | commit |
            |---|---|---|---|---|
            | reported | 0.920, within interval |  |  |  |
            | mean of 3 | 0.840 ± 0.053 (0.707 to 0.973) |  |  |  |
            | seed 1 | 0.800 (0.780 to 0.820) | 0.400 | `compact1` | `abc1234` |
            | seed 2 | 0.820 (0.800 to 0.840) | 0.400 | `compact2` | `abc1234` |
            """)
        .contains("Training took at most 73 min and 900 MiB on CPU: two cores.");
    assertThat(commands())
        .contains("train --recipe results/compact/seed-2/recipe.yaml --data chest-xray");
  }

  @Test
  void summaryHasOneRowPerRecipeAndEnsemble() throws IOException {
    storeCompact();
    store("one", with(with(result("binary", 1), "accuracy", 0.81), "auroc", 0.9));
    JsonObject ensemble = ensemble("compact-cnn, compact-cnn");
    store("ensemble", with(with(ensemble, "auroc", 0.98), "causeAuroc", 0.97));
    assertThat(section(results(), "At a glance"))
        .contains(
            "| recipe | seeds | reported accuracy | accuracy | AUROC |",
            "| binary | 1 | 0.827 | 0.810 (0.790 to 0.830) | 0.900 (0.880 to 0.920) | – | – |\n"
                + "| compact | 3 | 0.920 | 0.840 ± 0.053 | – | – | – |\n"
                + "| mobilenet, ensemble of 2 | – | – | – | 0.980 (0.960 to 1.000) | – |"
                + " 0.970 (0.950 to 0.990) |\n");
  }

  @Test
  void marksReportedMetricAsMissedOutsideInterval() throws IOException {
    store("a", with(result("xception", 1), "accuracy", 0.92));
    store("b", with(result("binary", 1), "accuracy", 0.81));
    store("c", with(result("compact", 1), "accuracy", 0.93));
    assertThat(section(results(), "Recipes"))
        .contains(
            "| reported | 0.950, **missed** |",
            "| reported | 0.827, within interval |",
            "| reported | 0.920, reached |");
  }

  @Test
  void undefinedMetricIsNeitherReachedNorMissed() throws IOException {
    JsonObject separate = result("compact", 1);
    JsonObject undefined = new JsonObject();
    undefined.addProperty("n", 0);
    undefined.addProperty("reason", "the classes come from different sources");
    separate.getAsJsonObject("figures").add("accuracy", undefined);
    store("a", separate);
    assertThat(section(results(), "Recipes"))
        .contains("| reported | 0.920 |", "| seed 1 | not defined |");
  }

  @Test
  void syntheticDataAndOtherSplitsAreNotCompared() throws IOException {
    JsonObject synthetic = with(result("mobilenet", 1), "auroc", 0.999);
    synthetic.getAsJsonObject("data").addProperty("synthetic", true);
    store("a", synthetic);
    JsonObject whole = with(result("compact", 1), "accuracy", 0.999);
    whole.getAsJsonObject("data").addProperty("split", "all");
    whole.getAsJsonObject("data").addProperty("fingerprint", "beef");
    store("b", whole);
    assertThat(results())
        .contains("| AUROC | mobilenet | uncalibrated | 0.988 | – | **not measured** |")
        .contains("| reported | 0.920 |", "synthetic sample")
        .contains("| mobilenet, test of chest-xray | 1 |")
        .contains("| compact, all of chest-xray | 1 |");
    assertThat(commands())
        .contains("evaluate --bundle runs/compact-1/bundle --data chest-xray --split all\"");
  }

  @Test
  void commandsNameTrainingAndEvaluationData() throws IOException {
    JsonObject elsewhere = with(result("binary", 1), "accuracy", 0.9);
    elsewhere.getAsJsonObject("data").addProperty("name", "my | site");
    elsewhere.getAsJsonObject("bundle").addProperty("learnedFrom", "chest-xray");
    store("a", elsewhere);
    JsonObject odd = with(result("compact", 1), "accuracy", 0.9);
    odd.getAsJsonObject("data").addProperty("name", "`rm`");
    store("b", odd);
    assertThat(results())
        .contains("on 200 test images of 150 patients of my \\| site.")
        .contains("on 200 test images of 150 patients of \\`rm\\`.");
    assertThat(commands())
        .contains("train --recipe results/a/recipe.yaml --data chest-xray --out runs/binary-1\"")
        .contains("--bundle runs/binary-1/bundle --data 'my | site' --train-data chest-xray\"")
        .contains("train --recipe results/b/recipe.yaml --data DATASET --out runs/compact-1\"");
  }

  @Test
  void ignoresHiddenFoldersAndSeparatesSuperseded() throws IOException {
    store("a", with(result("binary", 1), "accuracy", 0.81));
    String before = results();
    store(".b.unfinished-0000", with(result("binary", 2), "accuracy", 0.99));
    assertThat(results()).isEqualTo(before);
    Path link = Files.createSymbolicLink(scratch.resolve("link"), resultsFolder());
    Path out = scratch.resolve("LINKED.md");
    assertThat(run("results", "--runs", link.toString(), "--out", out.toString()).exitCode())
        .isZero();
    assertThat(link.resolve("commands.sh")).content().contains("link/a/recipe.yaml");
    store("superseded/binary/seed-1", with(result("binary", 1), "accuracy", 0.7));
    Path alone = resultsFolder().resolve("superseded");
    assertThat(run("results", "--runs", alone.toString(), "--out", out.toString()).exitCode())
        .isZero();
    assertThat(out).content().contains("## Superseded").doesNotContain("## At a glance");
  }

  @Test
  void goalIsReachedMissedOrNotMeasured() throws IOException {
    JsonObject result = with(result("mobilenet", 1), "accuracy", 0.95);
    store("a", with(result, "auroc", 0.98));
    assertThat(section(results(), "Goals"))
        .contains("| accuracy | mobilenet | uncalibrated | 0.945 | 0.950 | reached |")
        .contains("| AUROC | mobilenet | uncalibrated | 0.988 | 0.980 | **missed** by 0.0080 |")
        .contains("| accuracy | mobilenet | site | 0.955 | – | **not measured** |")
        .contains("| AUROC | anomaly | uncalibrated | 0.880 | – | **not measured** |");
  }

  @Test
  void showsValidationBesideTest() throws IOException {
    storeCompact();
    for (int seed = 1; seed <= 2; seed++) {
      JsonObject result = with(result("binary", seed), "auroc", 0.9);
      JsonObject validation = new JsonObject();
      validation.add("auroc", metric(0.95 + 0.02 * seed));
      result.add("promised", validation);
      store("binary-" + seed, result);
    }
    store("cascade", with(result("cascade", 1), "auroc", 0.9));
    assertThat(section(results(), "From validation to test"))
        .contains("| binary | 0.980 → 0.900 | – | – | – | – | – |")
        .contains("| cascade | not stored → 0.900 | – | – | – | – | – |")
        .contains("| compact | – | – | – | – | – | 0.100 → 0.300 |");
  }

  @Test
  void supersededResultsHaveTheirOwnSection() throws IOException {
    storeCompact();
    String before = results();
    store("superseded/compact/seed-1", with(result("compact", 1), "accuracy", 0.7));
    assertThat(before).doesNotContain("## Superseded");
    assertThat(results())
        .startsWith(before.substring(0, before.indexOf("## Not run")))
        .contains("| compact | 1 | `compact-cnn` | 0.700 (0.680 to 0.720) | – |");
  }

  private static JsonObject calibrated(JsonObject site, String from) {
    site.getAsJsonObject("bundle")
        .add(
            "calibration",
            JsonParser.parseString(
                """
                {"from": "%s", "before": {"value": 0.4, "chosenBy": "a rule"},
                 "beforeTemperature": 1, "how": "even odds", "pictures": 200, "labelled": false}
                """
                    .formatted(from)));
    return site;
  }

  @Test
  void siteGoalNamesSeedsAndUncalibratedMean() throws IOException {
    double[] accuracies = {0.80, 0.93, 0.95};
    for (int seed = 1; seed <= 3; seed++) {
      store("plain-" + seed, with(result("mobilenet", seed), "accuracy", accuracies[seed - 1]));
    }
    for (int seed = 2; seed <= 3; seed++) { // calibration of seed 1 was rejected
      JsonObject site = calibrated(result("mobilenet", seed), "mobilenet" + seed);
      site.getAsJsonObject("bundle").addProperty("id", "site" + seed);
      store("site-" + seed, with(site, "accuracy", accuracies[seed - 1] - 0.01));
    }
    // Means of .93 and .95, and of .92 and .94; the deviation of both is .02 / √2.
    assertThat(section(results(), "Goals"))
        .contains(
            "| accuracy | mobilenet | site, 200 unlabelled images | 0.955 |"
                + " 0.940 ± 0.014 → 0.930 ± 0.014, seeds 2, 3 | **missed** by 0.0250 |");
  }

  @Test
  void commandsIncludeCalibration() throws IOException {
    store("plain", result("mobilenet", 1));
    JsonObject unlabelled = calibrated(result("mobilenet", 1), "mobilenet1");
    store("unlabelled", unlabelled);
    JsonObject both = calibrated(result("mobilenet", 1), "mobilenet1");
    setMethod(both, "even odds" + ClassPresence.BOTH.clause(), false);
    store("both", both);
    JsonObject labelled = calibrated(result("mobilenet", 1), "mobilenet1");
    setMethod(labelled, "findings", true);
    store("labelled", labelled);
    JsonObject oldBoth = calibrated(result("mobilenet", 2), "mobilenet2");
    setMethod(oldBoth, "even odds, both sides being known to be there", false);
    store("old-both", oldBoth);
    assertThat(commands())
        .contains("--bundle runs/mobilenet-1/bundle --data $SITE --out runs/mobilenet-1-site\"")
        .contains("--data $SITE --classes-present both --out runs/mobilenet-1-site-both\"")
        .contains("--data $SITE --classes-present both --out runs/mobilenet-2-site-both\"")
        .contains("--data $SITE --labels $LABELS --out runs/mobilenet-1-site-labelled\"")
        .contains("evaluate --bundle runs/mobilenet-1-site-both --data ");
  }

  private static void setMethod(JsonObject site, String words, boolean labelled) {
    JsonObject calibration = site.getAsJsonObject("bundle").getAsJsonObject("calibration");
    calibration.addProperty("how", words);
    calibration.addProperty("labelled", labelled);
  }

  @Test
  void trainingCommandSetsThreadCount() throws IOException {
    JsonObject one = result("binary", 1);
    one.add("run", JsonParser.parseString(RUN.formatted("CPU: X, 2 cores, 1 thread")));
    store("one", one);
    JsonObject any = result("binary", 2);
    any.add("run", JsonParser.parseString(RUN.formatted("CPU: X, 2 cores")));
    store("any", any);
    assertThat(commands())
        .contains(
            "\nOMP_NUM_THREADS=1 mvn -q -pl cxr-train exec:java -Dexec.args=\"train --recipe"
                + " results/one/")
        .contains("\nmvn -q -pl cxr-train exec:java -Dexec.args=\"train --recipe results/any/");
  }

  @Test
  void calibratedBundlesEnterNoMean() throws IOException {
    storeCompact();
    String before = results();
    store("compact/site", calibrated(with(result("compact", 4), "accuracy", 0.99), "compact2"));
    String after = results();
    assertThat(section(after, DERIVED))
        .contains(
            "| compact, site, 200 unlabelled images | 4 | `compact4` | 0.400 |"
                + " 0.820 (0.800 to 0.840) → 0.990 (0.970 to 1.010) |");
    assertThat(after).startsWith(before.substring(0, before.indexOf("## Not run")));
  }

  @Test
  void ensembleHasItsOwnSectionAndGoalRow() throws IOException {
    store("a", with(result("mobilenet", 1), "accuracy", 0.90));
    String before = results();
    JsonObject ensemble = ensemble("compact-cnn, compact-cnn, compact-cnn");
    store("ensemble", with(with(ensemble, "accuracy", 0.95), "auroc", 0.98));
    String after = results();
    assertThat(section(before, DERIVED)).isEmpty();
    assertThat(section(after, DERIVED))
        .contains(
            "| mobilenet, ensemble of 3 | – | `mobilenet1` | 0.400 | 0.950 (0.930 to 0.970) |"
                + " 0.980 (0.960 to 1.000) | not defined | not defined |");
    assertThat(section(after, "Goals"))
        .contains("| accuracy | mobilenet | uncalibrated | 0.945 | 0.900 | **missed** by 0.0450 |")
        .contains(
            "| accuracy | mobilenet, ensemble of 3 | uncalibrated | 0.945 | 0.950 | reached |");
    assertThat(section(after, "Recipes")).isEqualTo(section(before, "Recipes"));
  }

  private JsonObject knn(long seed, String network, String over) {
    JsonObject voted = result("compact", seed);
    JsonObject bundle = voted.getAsJsonObject("bundle");
    bundle.addProperty("id", over + seed);
    bundle.add(
        "index",
        JsonParser.parseString(
            """
            {"over": "%s", "distance": "cosine", "vote": {"k": %d, "weighting": "uniform"},
             "chosenBy": "a rule", "examples": 70, "data": "chest-xray", "fingerprint": "beef",
             "network": "%s"}
            """
                .formatted(over, 2 * seed + 1, network)));
    return voted;
  }

  @Test
  void knnResultsAreShownBesideTheirNetwork() throws IOException {
    storeCompact();
    String before = results();
    store("knn/1", with(knn(1, "compact1", "embeddings"), "accuracy", 0.84));
    store("knn/2", with(knn(2, "compact2", "embeddings"), "accuracy", 0.86));
    store("knn/3", with(knn(2, "gone", "probabilities"), "accuracy", 0.70));
    String after = results();
    assertThat(section(after, "At a glance"))
        .contains(
            """
            | compact | 3 | 0.920 | 0.840 ± 0.053 | – | – | – |
            | compact, KNN by embeddings | 2 | – | 0.850 ± 0.014 | – | – | – |
            | compact, KNN by probabilities | 1 | – | 0.700 (0.680 to 0.720) | – | – | – |
            """);
    assertThat(section(after, DERIVED))
        .contains(
            "| compact, KNN by embeddings, k 3, 5, cosine distance, uniform weights | 1, 2 |"
                + " `embeddings1`, `embeddings2` | 0.400, 0.400 | 0.810 ± 0.014 → 0.850 ± 0.014 |",
            "| compact, KNN by probabilities, k 5, cosine distance, uniform weights | 2 |"
                + " `probabilities2` | 0.400 | 0.700 (0.680 to 0.720) |");
    assertThat(commands())
        .contains(
            "knn --bundle runs/compact-2/bundle --data chest-xray --features probabilities"
                + " --distance cosine --weighting uniform --out runs/compact-2-probabilities");
    for (String section : List.of("Recipes", "Goals", "From validation to test")) {
      assertThat(section(after, section)).isEqualTo(section(before, section));
    }
  }

  @Test
  void listsAttemptsForGoals() throws IOException {
    store("a", with(result("mobilenet", 1), "accuracy", 0.90));
    assertThat(section(results(), "Goals")).contains("- Tried for `mobilenet`: ", "; flip TTA; ");
  }

  @Test
  void listsRecipesNotRunWithReason() throws IOException {
    storeCompact();
    assertThat(section(results(), "Not run"))
        .containsPattern("- [^:]*xception \\(reported: accuracy 0.950\\)[^:]*: needs the network's")
        .containsPattern(
            "- binary [^:]*: accuracy [^:]*: no result is stored yet\\.|- [^\\n]*binary")
        .doesNotContain("compact,");
  }

  @Test
  void outputIsIndependentOfFolderOrder() throws IOException {
    storeCompact();
    store("a", with(result("binary", 1), "accuracy", 0.81));
    String first = results();
    Path other = scratch.resolve("other/results");
    List<Path> folders;
    try (Stream<Path> walk = Files.walk(resultsFolder())) {
      folders = walk.filter(file -> file.endsWith("result.json")).sorted().toList();
    }
    for (int i = folders.size() - 1; i >= 0; i--) {
      Path copy = other.resolve(resultsFolder().relativize(folders.get(i)).toString());
      Files.createDirectories(copy.resolveSibling("."));
      Files.copy(folders.get(i), copy);
    }
    Path out = scratch.resolve("AGAIN.md");
    assertThat(run("results", "--runs", other.toString(), "--out", out.toString()).exitCode())
        .isZero();
    assertThat(Files.readString(out)).isEqualTo(first);
    assertThat(other.resolve("commands.sh"))
        .hasSameTextualContentAs(resultsFolder().resolve("commands.sh"));
  }

  @Test
  void repositoryResultsFilesAreUpToDate() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    Path own = root.resolve("results");
    assumeThat(own).exists();
    Path out = scratch.resolve("OWN.md");
    Path commands = scratch.resolve("own.sh");
    CommandResult run =
        run(
            "results",
            "--runs",
            own.toString(),
            "--out",
            out.toString(),
            "--commands",
            commands.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(out).hasSameBinaryContentAs(root.resolve("RESULTS.md"));
    assertThat(commands).hasSameBinaryContentAs(own.resolve("commands.sh"));
    assertThat(Files.readAllLines(out)).hasSizeLessThan(250);
  }

  @Test
  void rejectsInvalidResultAndKeepsOldFile() throws IOException {
    Path out = Files.writeString(scratch.resolve("RESULTS.md"), "before\n");
    assertFails(out, "Collect an evaluation first");
    store("a", with(result("binary", 1), "accuracy", 0.81));
    store("b", with(result("binary", 1), "accuracy", 0.99));
    assertFails(out, "seed 1 of binary again");
    JsonObject torn = result("binary", 2);
    torn.remove("bundle");
    store("b", torn);
    assertFails(out, resultsFolder().resolve("b/result.json").toString());
    JsonObject newer = result("binary", 2);
    newer.addProperty("schemaVersion", 4);
    store("b", newer);
    assertFails(out, "schema version 4");
    store("b", with(result("binary", 2), "accuracy", -7));
    assertFails(out, resultsFolder().resolve("b/result.json") + ": a metric of -7");
    JsonObject holed = result("binary", 2);
    holed.getAsJsonObject("figures").add("accuracy", JsonNull.INSTANCE);
    store("b", holed);
    assertFails(out, resultsFolder().resolve("b/result.json").toString());
    Files.write(resultsFolder().resolve("b/result.json"), new byte[] {'"', (byte) 0xC3, '"'});
    assertFails(out, resultsFolder().resolve("b/result.json").toString());
    store("b", ensemble("compact-cnn, compact-cnn"));
    JsonObject second = ensemble("compact-cnn, compact-cnn");
    second.getAsJsonObject("recipe").addProperty("seed", 2);
    store("c", second);
    assertFails(out, "mobilenet, ensemble of 2 again");
    assertThat(out).hasContent("before\n");
  }

  private void assertFails(Path out, String found) {
    CommandResult run =
        run("results", "--runs", resultsFolder().toString(), "--out", out.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(found).doesNotContain("\tat ");
  }

  @Test
  void collectedFilesNameNoImagePatientOrFolder() throws IOException {
    Path bundle = TestBundle.withSeed(scratch.resolve("bundle"), Task.THREE_CLASS, SIDE, 7);
    Path collection = TestDataset.write(scratch.resolve("children"));
    Path evaluation = scratch.resolve("evaluation");
    assertThat(EvalCommands.evaluateQuick(bundle, collection, evaluation).exitCode()).isZero();
    CommandResult run = collect(bundle, evaluation, resultsFolder().resolve("test/seed-7"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    String result = Files.readString(resultsFolder().resolve("test/seed-7/result.json"));
    String recipe = Files.readString(resultsFolder().resolve("test/seed-7/recipe.yaml"));
    assertThat(result + recipe)
        .doesNotContain("IM-", "person", "_virus", "_bacteria", scratch.toString(), "weights/");
    JsonObject json = JsonParser.parseString(result).getAsJsonObject();
    JsonObject metrics =
        JsonParser.parseString(Files.readString(evaluation.resolve("metrics.json")))
            .getAsJsonObject()
            .getAsJsonObject("metrics");
    JsonObject stored = json.getAsJsonObject("metrics");
    assertThat(json.get("schemaVersion").getAsInt()).isEqualTo(3);
    assertThat(value(stored, "auroc")).isEqualTo(value(metrics.getAsJsonObject("binary"), "auroc"));
    assertThat(value(stored, "multiClassAccuracy"))
        .isEqualTo(value(metrics.getAsJsonObject("multiClass"), "accuracy"));
    assertThat(json.getAsJsonObject("validation").keySet())
        .contains("auroc", "multiClassAccuracy", "bacterialVsViralAuroc");
    JsonObject evaluated = json.getAsJsonArray("negatives").get(1).getAsJsonObject();
    assertThat(evaluated.get("specificity").getAsDouble())
        .isEqualTo(value(metrics.getAsJsonObject("binary"), "specificity"));
    assertThat(recipe).contains("\"from\": \"some.safetensors\"");
    assertThat(results()).contains("### test", "a recipe that is not built in");
  }

  @Test
  void rejectsPredictionsInconsistentWithMetrics() throws IOException {
    Path bundle = TestBundle.withSeed(scratch.resolve("bundle"), Task.BINARY, SIDE, 7);
    Path collection = TestDataset.write(scratch.resolve("children"));
    Path evaluation = scratch.resolve("evaluation");
    assertThat(EvalCommands.evaluateQuick(bundle, collection, evaluation).exitCode()).isZero();
    Path file = evaluation.resolve("predictions.csv");
    List<String> rows = Files.readAllLines(file);
    Files.write(file, rows.subList(0, rows.size() - 1));
    assertCollectFails(bundle, evaluation, "other ones in " + file);
    JsonObject metrics =
        JsonParser.parseString(Files.readString(evaluation.resolve("metrics.json")))
            .getAsJsonObject()
            .getAsJsonObject("metrics");
    boolean noneRight = value(metrics.getAsJsonObject("binary"), "specificity") == 0;
    List<String> others = new ArrayList<>(rows);
    others.replaceAll(
        row -> row.replaceFirst(",[0-9.E-]+,[0-9.E-]+,", noneRight ? ",1.0,0.0," : ",0.0,1.0,"));
    Files.write(file, others);
    assertCollectFails(bundle, evaluation, "another specificity");
    Files.writeString(file, rows.get(0) + "\n\"open");
    assertCollectFails(bundle, evaluation, file.toString());
  }

  private void assertCollectFails(Path bundle, Path evaluation, String found) {
    Path out = resultsFolder().resolve("x");
    CommandResult run = collect(bundle, evaluation, out);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(found).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void collectsTimeAndMemoryOfRunOrCascadeSteps() throws IOException {
    Path run = Files.createDirectories(scratch.resolve("run"));
    Path bundle = TestBundle.withSeed(run.resolve("bundle"), Task.THREE_CLASS, SIDE, 7);
    Path collection = TestDataset.write(scratch.resolve("children"));
    Path evaluation = scratch.resolve("evaluation");
    assertThat(EvalCommands.evaluateQuick(bundle, collection, evaluation).exitCode()).isZero();
    Path out = resultsFolder().resolve("test/seed-7");
    assertThat(collect(bundle, evaluation, out, "--run", run.toString()).err())
        .contains("none in " + run);
    report(run.resolve("step-1-binary"), 100, 2, 900);
    report(run.resolve("step-2-subtype"), 20, 1, 700);
    assertThat(collect(bundle, evaluation, out, "--run", run.toString()).exitCode()).isZero();
    JsonObject facts =
        JsonParser.parseString(Files.readString(out.resolve("result.json")))
            .getAsJsonObject()
            .getAsJsonObject("run");
    assertThat(facts.get("seconds").getAsDouble()).isEqualTo(120);
    assertThat(facts.get("starts").getAsInt()).isEqualTo(2);
    assertThat(facts.get("peakMebibytes").getAsInt()).isEqualTo(900);
    Path others = Files.createDirectories(scratch.resolve("other"));
    TestBundle.withSeed(others.resolve("bundle"), Task.THREE_CLASS, SIDE, 8);
    CommandResult other =
        collect(bundle, evaluation, resultsFolder().resolve("x"), "--run", others.toString());
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).contains("the run that trained bundle");
  }

  private static void report(Path folder, double seconds, int starts, int peak) throws IOException {
    Files.writeString(
        Files.createDirectories(folder).resolve("report.json"),
        """
        {"device": "CPU: two cores", "time": {"seconds": %s, "starts": %d}, "peakMebibytes": %d}
        """
            .formatted(seconds, starts, peak));
  }

  private static double value(JsonObject figures, String name) {
    return figures.getAsJsonObject(name).get("value").getAsDouble();
  }

  private static CommandResult collect(Path bundle, Path evaluation, Path out, String... more) {
    List<String> arguments = new ArrayList<>(List.of("collect", "--bundle", bundle.toString()));
    arguments.addAll(List.of("--evaluation", evaluation.toString(), "--out", out.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }
}
