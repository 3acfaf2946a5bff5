package dev.cxr.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.calibration.TemperatureScaling;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.train.run.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

  @TempDir private Path temporary;
  private Path data;
  private Path out;

  @BeforeEach
  void writeImages() throws IOException {
    data = temporary.resolve("data");
    out = temporary.resolve("out");
    SmallRun.writeImages(data);
  }

  private CliResult train(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--recipe", "quick", "--data", data.toString(), "--out", out.toString()));
    for (String setting :
        List.of("side=32", "epochs=2", "batch-size=16", "validation.fraction=0.3")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return run(arguments);
  }

  private static CliResult run(List<String> given) {
    List<String> arguments = new ArrayList<>(List.of("train", "--no-relaunch"));
    arguments.addAll(given);
    return CliResult.run(arguments);
  }

  @Test
  void writesLoadableBundleAndPrintsNextCommand() throws IOException {
    CliResult result = train();
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    Path bundle = out.resolve("bundle");
    assertThat(result.out())
        .contains("AUROC", "specificity", "Bundle: " + bundle)
        .contains("evaluate --bundle " + bundle + " --data " + data)
        .contains("not a medical device");
    assertThat(out.resolve("curves.png")).isNotEmptyFile();
    assertThat(out.resolve("run.log")).content().contains("epoch 2", "img/s");
    assertThat(bundle.resolve("history.csv")).content().hasLineCount(3);
    Classifier.load(Bundle.open(bundle)).close();
  }

  @Test
  void shortensWarmUpThatIsLongerThanTheRun() {
    CliResult result = train("--set", "warm-up-steps=150");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("Note: The warm-up is shortened to 1 of 10 steps: warm-up-steps is 150.");
  }

  @Test
  void sameSeedGivesSameBundle() throws IOException {
    train();
    Map<String, byte[]> first = files(out.resolve("bundle"));
    out = temporary.resolve("again");
    train();
    Map<String, byte[]> second = files(out.resolve("bundle"));
    assertThat(second.keySet()).isEqualTo(first.keySet());
    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
    out = temporary.resolve("other");
    train("--set", "seed=2");
    assertThat(files(out.resolve("bundle")).get("history.csv"))
        .isNotEqualTo(first.get("history.csv"));
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  void earlyStoppingKeepsBestEpoch() throws IOException {
    CliResult result =
        train(
            "--set",
            "epochs=50",
            "--set",
            "early-stopping.patience=1",
            "--set",
            "early-stopping.min-delta=1000");
    assertThat(result.out()).contains("Stopped").contains("Best: epoch 1.");
    assertThat(Bundle.open(out.resolve("bundle")).manifest().epoch()).isEqualTo(1);
    assertThat(out.resolve("bundle/history.csv")).content().hasLineCount(3);
  }

  @Test
  void temperatureIsFittedOnValidation() throws IOException {
    train();
    Bundle bundle = Bundle.open(out.resolve("bundle"));
    Manifest manifest = bundle.manifest();
    List<Xray> xrays =
        DatasetReader.read(data.toString(), manifest.data().validationRule())
            .inSplit(Split.VALIDATION);
    List<GrayImage> pictures = new ArrayList<>();
    for (Xray xray : xrays) {
      int side = manifest.input().side();
      pictures.add(Resampler.resize(xray.source().read(), side, side));
    }
    int[] truth =
        xrays.stream().mapToInt(x -> manifest.task().isPositive(x.finding()) ? 1 : 0).toArray();
    try (Classifier classifier = Classifier.load(bundle)) {
      double[][] answers = classifier.probabilities(pictures);
      TemperatureScaling again =
          TemperatureScaling.of(new LabelledProbabilities(manifest.classes(), answers, truth));
      assertThat(manifest.temperature()).isGreaterThan(1.001);
      assertThat(again.valueOrOne()).isCloseTo(1, within(1e-3));
    }
    assertThat(bundle.folder().resolve("MODEL_CARD.md"))
        .content()
        .contains(
            String.format(Locale.ROOT, "| temperature | %.4f |", bundle.manifest().temperature()));
  }

  @Test
  void rejectsSingleClass() throws IOException {
    try (Stream<Path> normals = Files.list(data.resolve("train/NORMAL"))) {
      for (Path file : normals.toList()) {
        Files.delete(file);
      }
    }
    assertRefused(train(), 1, "NORMAL=0", "each class needs at least two patients");
  }

  @Test
  void rejectsUnreadableImage() throws IOException {
    Files.writeString(data.resolve("train/NORMAL/IM-9999-0001.jpeg"), "no picture");
    assertRefused(train(), 1, "train/NORMAL/IM-9999-0001.jpeg", "Replace or remove them");
  }

  @Test
  void rejectsMissingDataset() {
    data = temporary.resolve("nowhere");
    assertRefused(train(), 1, "nothing at " + data, "Give a folder");
  }

  @Test
  void rejectsUnknownKeyOrOption() {
    assertRefused(train("--set", "epoch=3"), 2, "'epoch'", "'epochs'");
    assertRefused(train("--colour", "red"), 2, "Unknown option", "--help");
    assertRefused(
        run(List.of("--recipe", "nonesuch", "--out", out.toString())), 2, "'nonesuch'", "binary");
  }

  @Test
  void rejectsExistingOutput() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("precious.txt"), "kept");
    CliResult result = train();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("exists already");
    assertThat(files(out).keySet()).containsExactly("precious.txt");
  }

  @Test
  void multipleSeedsGiveBundlesAndSummary() throws IOException {
    CliResult result = train("--seeds", "2");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("Seed 1, 1 of 2", "Seed 2, 2 of 2", "2 seeds, each at its own threshold")
        .containsPattern("  auroc +0\\.\\d{4} +\\d\\.\\d{4} +0?.* to ");
    List<String> figures = Files.readAllLines(out.resolve("seeds.csv"));
    assertThat(figures.get(0)).isEqualTo("metric,mean,standard_deviation,seed_1,seed_2");
    assertThat(figures).anyMatch(row -> row.startsWith("accuracy,"));

    Map<String, byte[]> first = files(out.resolve("seed-1/bundle"));
    Map<String, byte[]> second = files(out.resolve("seed-2/bundle"));
    byte[] wanted = Files.readAllBytes(out.resolve("seeds.csv"));
    delete(out.resolve("seed-2"));
    Files.delete(out.resolve("seeds.csv"));
    CliResult resumed = run(List.of("--resume", out.toString()));
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).contains("Complete: " + out.resolve("seed-1"));
    assertThat(out.resolve("seeds.csv")).hasBinaryContent(wanted);
    files(out.resolve("seed-2/bundle"))
        .forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));

    out = temporary.resolve("one");
    train("--set", "seed=1");
    files(out.resolve("bundle"))
        .forEach((name, bytes) -> assertThat(first.get(name)).as(name).isEqualTo(bytes));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void resumeRejectsOtherSettings() throws IOException {
    train();
    Map<String, byte[]> bundle = files(out.resolve("bundle"));
    CliResult again = run(List.of("--resume", out.toString()));
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("The run is complete. Bundle: " + out.resolve("bundle"));
    assertThat(files(out.resolve("bundle")).keySet()).isEqualTo(bundle.keySet());
    for (List<String> more :
        List.of(
            List.of("--set", "seed=2"),
            List.of("--recipe", "quick"),
            List.of("--seeds", "2"),
            List.of("--out", "elsewhere"))) {
      List<String> arguments = new ArrayList<>(List.of("--resume", out.toString()));
      arguments.addAll(more);
      CliResult refused = run(arguments);
      assertThat(refused.exitCode()).as(more.toString()).isEqualTo(2);
      assertThat(refused.err()).contains(more.get(0)).contains("start a new run");
    }
  }

  @Test
  void rejectsResumeOfInvalidFolder() throws IOException {
    CliResult nothing = run(List.of("--resume", temporary.toString()));
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("a run folder").contains(temporary.toString());
    train();
    Files.writeString(out.resolve("run.json"), "{\"seeds\": 1}");
    CliResult damaged = run(List.of("--resume", out.toString()));
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.err()).contains(out.resolve("run.json") + ": a key is missing");
  }

  @Test
  void rejectsInvalidSeedsAndMinutes() {
    assertRefused(train("--seeds", "0"), 2, "--seeds from 1 to 1000", "found 0");
    assertRefused(train("--checkpoint-minutes", "-1"), 2, "--checkpoint-minutes", "-1.0");
  }

  @Test
  void refusedRunOfSeveralSeedsOrACascadeLeavesNoFolder() {
    out = temporary.resolve("new/runs/one");
    String unknownLayer = "phases=[{from-epoch: 1, factors: {nowhere: 0}}]";
    assertRefused(train("--set", unknownLayer), 2, "'nowhere'");
    assertThat(temporary.resolve("new")).doesNotExist();
    assertRefused(train("--seeds", "2", "--set", unknownLayer), 2, "'nowhere'");
    assertThat(temporary.resolve("new")).doesNotExist();
    assertRefused(
        train("--set", "task=three-class", "--set", "cascade=true", "--set", unknownLayer),
        2,
        "'nowhere'");
    assertThat(temporary.resolve("new")).doesNotExist();
  }

  private void assertRefused(CliResult result, int exitCode, String... words) {
    assertThat(result.err()).contains(words).doesNotContain("\tat ");
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(out).doesNotExist();
    assertThat(temporary.toFile().list()).noneMatch(name -> name.contains("unfinished"));
  }

  @Test
  void benchWritesTableAndJson() throws Exception {
    Path json = temporary.resolve("bench.json");
    CliResult bench =
        CliResult.run(
            List.of(
                "bench",
                "--no-relaunch",
                "--rounds",
                "2", // the first goes through more than one epoch
                "--batches",
                "2",
                "--data",
                data.toString(),
                "--set",
                "side=32",
                "--set",
                "batch-size=16",
                "--set",
                "validation.fraction=0.3",
                "--json",
                json.toString()));
    assertThat(bench.exitCode()).as(bench.err()).isZero();
    JsonObject figures = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    JsonObject speeds = figures.getAsJsonObject("imagesPerSecond");
    JsonObject ratio = figures.getAsJsonObject("ratios").getAsJsonObject("loopToCeiling");
    for (int round = 0; round < 2; round++) {
      assertThat(round(ratio, round))
          .isEqualTo(
              round(speeds.getAsJsonObject("loop"), round)
                  / round(speeds.getAsJsonObject("ceiling"), round));
    }
    assertThat(figures.get("residentMebibytes").getAsInt()).isPositive();
    assertThat(bench.out())
        .contains("one batch repeated (ceiling)", "training loop", "loop / ceiling")
        .contains("data loading / loop");
  }

  private static double round(JsonObject speed, int round) {
    return speed.getAsJsonArray("rounds").get(round).getAsDouble();
  }
}
