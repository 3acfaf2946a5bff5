package dev.cxr.reproduction.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.index.Task;
import dev.cxr.eval.cli.CommandResult;
import dev.cxr.eval.cli.EvalCommands;
import dev.cxr.eval.cli.TestBundle;
import dev.cxr.eval.cli.TestDataset;
import dev.cxr.eval.metrics.unlabelled.ClassPresence;
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

  /** A result as collect writes it, without a figure. */
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

  private String results() throws IOException {
    Path out = scratch.resolve("RESULTS.md");
    CommandResult run =
        CommandResult.run("results", "--runs", resultsFolder().toString(), "--out", out.toString());
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
    // Mean of .80, .82 and .90 is .84, their deviation √(.0056 / 2) = .0529.
    assertThat(results())
        .contains(
            "| | reported | mean ± deviation of 3 seeds | seed 1 | seed 2 | seed 3 |\n"
                + "|---|---|---|---|---|---|\n"
                + "| accuracy | 0.920 | 0.840 ± 0.053 | 0.800 (0.780 to 0.820) |"
                + " 0.820 (0.800 to 0.840) | 0.900 (0.880 to 0.920) |\n")
        .contains("| wall time of training |  |  | 1 h 13 min in 2 starts |")
        .contains("train --recipe results/compact/seed-2/recipe.yaml --data chest-xray");
  }

  @Test
  void summaryHasOneRowPerRecipeAndEnsemble() throws IOException {
    storeCompact();
    store("one", with(with(result("binary", 1), "accuracy", 0.81), "auroc", 0.9));
    JsonObject ensemble = ensemble("compact-cnn, compact-cnn");
    store("ensemble", with(with(ensemble, "auroc", 0.98), "causeAuroc", 0.97));
    String results = results();
    assertThat(results.substring(0, results.indexOf("## Recipes")))
        .contains(
            "| recipe | seeds | accuracy reported | accuracy | AUROC |",
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
    assertThat(results())
        .contains(
            "| xception | accuracy | 0.950 | 0.920 (0.900 to 0.940) | of one seed, by patient |"
                + " **missed** |",
            "| binary | accuracy | 0.827 | 0.810 (0.790 to 0.830) | of one seed, by patient |"
                + " lower, but within the interval |",
            "| compact | accuracy | 0.920 | 0.930 (0.910 to 0.950) | of one seed, by patient |"
                + " reached |");
  }

  @Test
  void meanIntervalCombinesSeedAndImageVariance() throws IOException {
    storeCompact();
    // Student's reach is 4.3027 · .0529 / √3 = .1315, each seed's by patient .02: √(.1315² + .02²).
    assertThat(results())
        .contains(
            "| compact | accuracy | 0.920 | 0.840 (0.707 to 0.973) | of the mean of 3 seeds |"
                + " lower, but within the interval |");
  }

  @Test
  void undefinedMetricIsNeitherReachedNorMissed() throws IOException {
    JsonObject apart = result("compact", 1);
    JsonObject none = new JsonObject();
    none.addProperty("n", 0);
    none.addProperty("reason", "the classes come from different sources");
    apart.getAsJsonObject("figures").add("accuracy", none);
    store("a", apart);
    assertThat(results())
        .contains("| compact | accuracy | 0.920 | not defined | of one seed, by patient | – |");
  }

  @Test
  void syntheticDataAndOtherSplitsAreNotCompared() throws IOException {
    JsonObject drawn = with(result("mobilenet", 1), "auroc", 0.999);
    drawn.getAsJsonObject("data").addProperty("synthetic", true);
    store("a", drawn);
    JsonObject whole = with(result("compact", 1), "accuracy", 0.999);
    whole.getAsJsonObject("data").addProperty("split", "all");
    whole.getAsJsonObject("data").addProperty("fingerprint", "beef");
    store("b", whole);
    assertThat(results())
        .contains("| AUROC | mobilenet | plain | 0.988 | – | **not measured** |")
        .contains("No result is kept of a recipe whose report gives a figure.")
        .contains("| mobilenet, on the test split of chest-xray | 1 |")
        .contains("| compact, on the all split of chest-xray | 1 |")
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
        .contains("train --recipe results/a/recipe.yaml --data chest-xray --out runs/binary-1\"")
        .contains("--bundle runs/binary-1/bundle --data 'my | site' --train-data chest-xray\"")
        .contains("judged on the test split of my \\| site:")
        .contains("train --recipe results/b/recipe.yaml --data COLLECTION --out runs/compact-1\"")
        .contains("judged on the test split of \\`rm\\`:");
  }

  @Test
  void ignoresHiddenFoldersAndSeparatesSuperseded() throws IOException {
    store("a", with(result("binary", 1), "accuracy", 0.81));
    String before = results();
    store(".b.unfinished-0000", with(result("binary", 2), "accuracy", 0.99));
    assertThat(results()).isEqualTo(before);
    Path link = Files.createSymbolicLink(scratch.resolve("link"), resultsFolder());
    Path out = scratch.resolve("LINKED.md");
    assertThat(
            CommandResult.run("results", "--runs", link.toString(), "--out", out.toString())
                .exitCode())
        .isZero();
    assertThat(out).content().contains("link/a/recipe.yaml");
    store("superseded/binary/seed-1", with(result("binary", 1), "accuracy", 0.7));
    Path alone = resultsFolder().resolve("superseded");
    assertThat(
            CommandResult.run("results", "--runs", alone.toString(), "--out", out.toString())
                .exitCode())
        .isZero();
    assertThat(out).content().contains("## Superseded").doesNotContain("## At a glance");
  }

  @Test
  void goalIsReachedMissedOrNotMeasured() throws IOException {
    JsonObject result = with(result("mobilenet", 1), "accuracy", 0.95);
    store("a", with(result, "auroc", 0.98));
    assertThat(results())
        .contains("| accuracy | mobilenet | plain | 0.945 | 0.950 | reached |")
        .contains("| AUROC | mobilenet | plain | 0.988 | 0.980 | **missed** by 0.0080 |")
        .contains("| accuracy | mobilenet | calibrated on a site | 0.955 | – | **not measured** |")
        .contains("| AUROC | anomaly | plain | 0.880 | – | **not measured** |");
  }

  @Test
  void showsValidationBesideTest() throws IOException {
    storeCompact();
    JsonObject told = with(result("binary", 1), "auroc", 0.9);
    JsonObject promised = new JsonObject();
    promised.add("auroc", metric(0.99));
    told.add("promised", promised);
    store("told", told);
    store("untold", with(result("cascade", 1), "auroc", 0.9));
    assertThat(results())
        .contains("| binary | 1 | 0.990 → 0.900 | – | – | – | – | – |")
        .contains("| cascade | 1 | not kept → 0.900 | – | – | – | – | – |")
        .contains("| compact | 1 | – | – | 0.950 → 0.700 | – | – | 0.100 → 0.300 |");
  }

  @Test
  void supersededResultsHaveTheirOwnSection() throws IOException {
    storeCompact();
    String before = results();
    store("superseded/compact/seed-1", with(result("compact", 1), "accuracy", 0.7));
    assertThat(before).doesNotContain("## Superseded");
    assertThat(results())
        .startsWith(before.substring(0, before.indexOf("## Not run")))
        .contains("| compact | 1 | `compact-cnn` | 0.700 (0.680 to 0.720) | – |", "`abc1234`");
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
    for (int seed = 2; seed <= 3; seed++) { // that of seed 1 was refused
      JsonObject site = calibrated(result("mobilenet", seed), "mobilenet" + seed);
      site.getAsJsonObject("bundle").addProperty("id", "site" + seed);
      store("site-" + seed, with(site, "accuracy", accuracies[seed - 1] - 0.01));
    }
    // Means of .92 and .94, and of .93 and .95; the deviation of both is .02 / √2.
    assertThat(results())
        .contains(
            "| accuracy | mobilenet | even odds | 0.955 | 0.930 ± 0.014 of seeds 2, 3 without 1;"
                + " 0.940 ± 0.014 before | **missed** by 0.0250 |");
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
    assertThat(results())
        .contains("--bundle runs/mobilenet-1/bundle --data PICTURES --out runs/mobilenet-1-site\"")
        .contains("--data PICTURES --sides both --out runs/mobilenet-1-site-both\"")
        .contains("--data PICTURES --labels FILE --out runs/mobilenet-1-site-labelled\"")
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
    assertThat(results())
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
    assertThat(after)
        .contains("mean ± deviation of 3 seeds", "0.840 ± 0.053")
        .contains(
            "| compact | 4 | `compact4` | `compact2` | even odds | 0.400 → 0.400 |"
                + " 0.820 (0.800 to 0.840) | 0.990 (0.970 to 1.010) |");
    int apart = before.indexOf("## Calibrated on a site");
    assertThat(after).startsWith(before.substring(0, apart));
  }

  @Test
  void ensembleHasItsOwnSectionAndGoalRow() throws IOException {
    store("a", with(result("mobilenet", 1), "accuracy", 0.90));
    String before = results();
    JsonObject ensemble = ensemble("compact-cnn, compact-cnn, compact-cnn");
    store("ensemble", with(with(ensemble, "accuracy", 0.95), "auroc", 0.98));
    String after = results();
    assertThat(before).doesNotContain("## Ensembles");
    assertThat(after)
        .contains("## Ensembles")
        .contains(
            "| mobilenet, ensemble of 3 | `mobilenet1` | 0.400 | 0.950 (0.930 to 0.970) |"
                + " 0.980 (0.960 to 1.000) | not defined | not defined | – | – |")
        .contains("| accuracy | mobilenet | plain | 0.945 | 0.900 | **missed** by 0.0450 |")
        .contains("| accuracy | mobilenet, ensemble of 3 | plain | 0.945 | 0.950 | reached |");
    assertThat(after)
        .contains(before.substring(before.indexOf("## Recipes"), before.indexOf("## Goals")));
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
    store("votes/1", with(knn(1, "compact1", "embeddings"), "accuracy", 0.84));
    store("votes/2", with(knn(2, "compact2", "embeddings"), "accuracy", 0.86));
    store("votes/3", with(knn(2, "gone", "probabilities"), "accuracy", 0.70));
    String after = results();
    assertThat(before).doesNotContain("## Neighbours");
    assertThat(after)
        .contains(
            """
            | compact | 3 | 0.920 | 0.840 ± 0.053 | – | – | – |
            | compact, neighbours by embeddings | 2 | – | 0.850 ± 0.014 | – | – | – |
            | compact, neighbours by probabilities | 1 | – | 0.700 (0.680 to 0.720) | – | – | – |
            """)
        .contains(
            "| compact, neighbours by embeddings | 2 | `embeddings2` | `compact2` | 5 by cosine"
                + " distance, uniform weights | 0.400 | 0.820 → 0.860 (0.840 to 0.880) | – |",
            "| compact, neighbours by probabilities | 2 | `probabilities2` | `gone` | 5 by cosine"
                + " distance, uniform weights | 0.400 | not kept → 0.700 (0.680 to 0.720) | – |")
        .contains(
            "index --bundle runs/compact-2/bundle --data chest-xray --over probabilities --distance"
                + " cosine --weighting uniform --out runs/compact-2-probabilities")
        .contains(before.substring(before.indexOf("## Recipes"), before.indexOf("## Goals")))
        .endsWith(before.substring(before.indexOf("## Goals")));
  }

  @Test
  void listsAttemptsForGoals() throws IOException {
    store("a", with(result("mobilenet", 1), "accuracy", 0.90));
    assertThat(results()).contains("What was tried", "- `mobilenet`: ", "; mirror averaging; ");
  }

  @Test
  void listsRecipesNotRunWithReason() throws IOException {
    storeCompact();
    assertThat(results())
        .containsPattern(
            "\\| xception \\| [^|]+ \\| accuracy 0.950 \\| [^|]+ \\| it needs the network's ImageNet")
        .containsPattern("\\| binary \\|[^\\n]+\\| no result of it is kept yet \\|")
        .doesNotContainPattern("\\| compact \\|[^\\n]+\\| no result");
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
    assertThat(
            CommandResult.run("results", "--runs", other.toString(), "--out", out.toString())
                .exitCode())
        .isZero();
    assertThat(Files.readString(out)).isEqualTo(first);
  }

  /** What the repository shows is what its kept results say, once there are any. */
  @Test
  void repositoryResultsFileIsUpToDate() throws IOException {
    Path own = Path.of("..", "results").toAbsolutePath().normalize();
    assumeThat(own).exists();
    Path out = scratch.resolve("OWN.md");
    assertThat(
            CommandResult.run("results", "--runs", own.toString(), "--out", out.toString())
                .exitCode())
        .isZero();
    assertThat(Files.readString(out))
        .isEqualTo(Files.readString(Path.of("..", "RESULTS.md").toAbsolutePath().normalize()));
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
    newer.addProperty("schemaVersion", 3);
    store("b", newer);
    assertFails(out, "schema version 3");
    store("b", with(result("binary", 2), "accuracy", -7));
    assertFails(out, resultsFolder().resolve("b/result.json") + ": a figure of -7");
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
        CommandResult.run("results", "--runs", resultsFolder().toString(), "--out", out.toString());
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
            .getAsJsonObject("figures");
    JsonObject figures = json.getAsJsonObject("figures");
    assertThat(value(figures, "auroc"))
        .isEqualTo(value(metrics.getAsJsonObject("binary"), "auroc"));
    assertThat(value(figures, "classesAccuracy"))
        .isEqualTo(value(metrics.getAsJsonObject("classes"), "accuracy"));
    assertThat(json.getAsJsonObject("promised").keySet())
        .contains("auroc", "classesAccuracy", "causeAuroc");
    JsonObject judged = json.getAsJsonArray("negatives").get(1).getAsJsonObject();
    assertThat(judged.get("specificity").getAsDouble())
        .isEqualTo(value(metrics.getAsJsonObject("binary"), "specificity"));
    assertThat(recipe).contains("\"from\": \"some.safetensors\"");
    assertThat(results()).contains("### test", "a recipe that is not built in", "not kept");
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
    assertCollectFails(bundle, evaluation, "others in " + file);
    JsonObject figures =
        JsonParser.parseString(Files.readString(evaluation.resolve("metrics.json")))
            .getAsJsonObject()
            .getAsJsonObject("figures");
    boolean noneRight = value(figures.getAsJsonObject("binary"), "specificity") == 0;
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
    assertThat(other.err()).contains("the run that left bundle");
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
    return CommandResult.run(arguments.toArray(String[]::new));
  }
}
