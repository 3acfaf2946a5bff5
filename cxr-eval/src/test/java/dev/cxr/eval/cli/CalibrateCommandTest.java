package dev.cxr.eval.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.SiteCalibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrateCommandTest {

  private static final int SIDE = 32;

  @TempDir private Path scratch;

  private Path trainedBundle() throws IOException {
    return trainedBundle(Task.BINARY);
  }

  private Path trainedBundle(Task task) throws IOException {
    Path bundle = scratch.resolve("trained");
    return Files.exists(bundle) ? bundle : TestBundle.write(bundle, task, SIDE, false, 0.9);
  }

  private Path out() {
    return scratch.resolve("at-site");
  }

  /** Noise around a gray level, another for each seed. */
  private static GrayImage image(int level, int seed) {
    byte[] pixels = new byte[SIDE * SIDE];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (level + random.nextInt(-9, 10));
    }
    return new GrayImage(SIDE, SIDE, pixels);
  }

  /** Dark and bright pictures, which random weights tell apart; the folder says nothing true. */
  private Path site(String name, int dark, int bright, boolean turned) throws IOException {
    Path site = scratch.resolve(name);
    Path normal = Files.createDirectories(site.resolve("test/NORMAL"));
    Path pneumonia = Files.createDirectories(site.resolve("test/PNEUMONIA"));
    for (int i = 0; i < dark + bright; i++) {
      Path folder = (i % 3 == 0) == turned ? normal : pneumonia;
      String file =
          turned ? "person%d_virus_1.png".formatted(999 - i) : "IM-%04d-0001.png".formatted(i);
      PngEncoder.write(image(i < dark ? 40 : 200, i), folder.resolve(file));
    }
    return site;
  }

  private CommandResult calibrate(Path bundle, Path site, Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "calibrate",
                "--no-relaunch",
                "--bundle",
                bundle.toString(),
                "--data",
                site.toString(),
                "--out",
                out.toString()));
    arguments.addAll(List.of(more));
    return CommandResult.run(arguments.toArray(String[]::new));
  }

  private static double[][] predict(Path bundle, List<GrayImage> pictures) throws IOException {
    try (Classifier classifier = Classifier.load(Bundle.open(bundle))) {
      return classifier.probabilities(pictures);
    }
  }

  private Manifest outManifest() throws IOException {
    return Bundle.open(out()).manifest();
  }

  @Test
  void unlabelledCalibrationIgnoresFileAndFolderNames() throws IOException {
    CommandResult first = calibrate(trainedBundle(), site("a", 40, 30, false), out());
    assertThat(first.exitCode()).as(first.err()).isZero();
    Path again = scratch.resolve("again");
    CommandResult second = calibrate(trainedBundle(), site("b", 40, 30, true), again);
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(Bundle.open(again).id()).isEqualTo(Bundle.open(out()).id());
  }

  @ParameterizedTest
  @CsvSource({"binary", "three-class"})
  void thresholdSeparatesGroupsAndKeepsProbabilities(Task task) throws IOException {
    assertThat(calibrate(trainedBundle(task), site("a", 40, 30, false), out()).exitCode()).isZero();
    List<GrayImage> pictures = List.of(image(40, 500), image(200, 501), image(40, 502));
    double[][] answers = predict(out(), pictures);
    assertThat(answers).isDeepEqualTo(predict(trainedBundle(), pictures));
    double threshold = outManifest().threshold().value();
    boolean dark = task.positiveProbability(answers[0]) >= threshold;
    assertThat(task.positiveProbability(answers[1]) >= threshold).isNotEqualTo(dark);
    assertThat(task.positiveProbability(answers[2]) >= threshold).isEqualTo(dark);
    assertThat(outManifest().temperature()).isEqualTo(1);
  }

  @Test
  void calibratedBundleAndItsReportsStateTheCalibration() throws IOException {
    String before = Bundle.open(trainedBundle()).id();
    assertThat(calibrate(trainedBundle(), site("a", 40, 30, false), out()).exitCode()).isZero();
    assertThat(Bundle.open(trainedBundle()).id()).isEqualTo(before);
    SiteCalibration calibration = Objects.requireNonNull(outManifest().calibration());
    assertThat(calibration.sourceBundle()).isEqualTo(before);
    assertThat(calibration.imageCount()).isEqualTo(70);
    assertThat(calibration.usedLabels()).isFalse();
    assertThat(calibration.originalThreshold().value()).isEqualTo(0.9);
    assertThat(outManifest().threshold().rule()).contains("70 unlabelled images of a site");
    assertThat(outManifest().name()).isEqualTo("lungs-site");
    assertThat(Files.readString(out().resolve("MODEL_CARD.md")))
        .contains("Calibrated on a site", before, "without labels", "threshold 0.9000")
        .doesNotContain("The epoch and the threshold were chosen on these");

    Path collection = TestDataset.write(scratch.resolve("children"));
    Path results = scratch.resolve("results");
    CommandResult judged = EvalCommands.evaluateQuick(out(), collection, results);
    assertThat(judged.exitCode()).as(judged.err()).isZero();
    assertThat(judged.out()).contains("not the plain protocol");
    assertThat(CommandResult.pageText(results.resolve("report.html")))
        .contains("not the plain protocol");
    JsonObject bundle =
        JsonParser.parseString(Files.readString(results.resolve("metrics.json")))
            .getAsJsonObject()
            .getAsJsonObject("bundle");
    assertThat(bundle.getAsJsonObject("calibration").get("sourceBundle").getAsString())
        .isEqualTo(before);
  }

  @Test
  void bundleContainsNoFileNameOrPatient() throws IOException {
    Path site = site("a", 40, 30, false);
    assertThat(calibrate(trainedBundle(), site, out(), "--labels", labels(site, 40, 30)).exitCode())
        .isZero();
    try (Stream<Path> files = Files.list(out())) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, ISO_8859_1))
            .as("%s", file)
            .doesNotContain("IM-0", "test/", "PNEUMONIA/", site.toString());
      }
    }
  }

  /** Dark ones as normal but for the first two of either side, so that the labels do not part. */
  private String labels(Path site, int dark, int bright) throws IOException {
    List<String> rows = new ArrayList<>(List.of("path,finding"));
    for (int i = 0; i < dark + bright; i++) {
      String folder = i % 3 == 0 ? "PNEUMONIA" : "NORMAL";
      boolean normal = (i < dark) != (i == 0 || i == dark);
      rows.add(
          "test/%s/IM-%04d-0001.png,%s"
              .formatted(folder, i, normal ? "NORMAL" : "BACTERIAL_PNEUMONIA"));
    }
    return Files.write(site.resolve("labels.csv"), rows).toString();
  }

  /**
   * Four of five pictures show what the network takes for the likeliest, the others something else:
   * then there is a temperature that suits them best.
   */
  private String labelsMatchingPredictions(Path site, int count) throws IOException {
    List<String> paths = new ArrayList<>();
    List<GrayImage> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add("test/%s/IM-%04d-0001.png".formatted(i % 3 == 0 ? "PNEUMONIA" : "NORMAL", i));
      pictures.add(ImageDecoder.decode(site.resolve(paths.get(i))));
    }
    double[][] answers = predict(trainedBundle(Task.THREE_CLASS), pictures);
    List<String> rows = new ArrayList<>(List.of("path,finding"));
    for (int i = 0; i < count; i++) {
      double[] answer = answers[i];
      int likeliest =
          answer[0] > Math.max(answer[1], answer[2]) ? 0 : answer[1] > answer[2] ? 1 : 2;
      int shown = i % 5 > 0 ? likeliest : likeliest > 0 ? 0 : 1;
      rows.add(paths.get(i) + "," + Task.THREE_CLASS.classes().get(shown));
    }
    return Files.write(site.resolve("labels.csv"), rows).toString();
  }

  @Test
  void labelsSetTemperatureAndThreshold() throws IOException {
    Path site = site("a", 30, 20, false);
    Path trained = trainedBundle(Task.THREE_CLASS);
    CommandResult run =
        calibrate(trained, site, out(), "--labels", labelsMatchingPredictions(site, 50));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("n is 50", "biased upwards", "greatest Youden index");
    SiteCalibration calibration = Objects.requireNonNull(outManifest().calibration());
    assertThat(calibration.usedLabels()).isTrue();
    assertThat(calibration.imageCount()).isEqualTo(50);
    double temperature = outManifest().temperature();
    assertThat(temperature).isNotEqualTo(1);
    double[] before = predict(trained, List.of(image(40, 1)))[0];
    double[] after = predict(out(), List.of(image(40, 1)))[0];
    assertThat(temperature * Math.log(after[0] / after[2]))
        .isCloseTo(Math.log(before[0] / before[2]), within(1e-4));
  }

  @Test
  void usesRequestedThresholdRule() throws IOException {
    Path site = site("a", 30, 20, false);
    String labels = labels(site, 30, 20);
    CommandResult run =
        calibrate(trainedBundle(), site, out(), "--labels", labels, "--threshold", "sensitivity=1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(outManifest().threshold().rule())
        .isEqualTo("sensitivity of at least 1 on 50 labelled images of a site");
    assertThat(run.out()).containsPattern("recall, sensitivity +1\\.0000");
  }

  @Test
  void rejectsTooFewImagesAndIgnoresDuplicates() throws IOException {
    Path site = site("a", 25, 24, false);
    Files.copy(site.resolve("test/NORMAL/IM-0001-0001.png"), site.resolve("copy.png"));
    assertFails(calibrate(trainedBundle(), site, out()), 1, "49 in", "--labels FILE");
  }

  @Test
  void rejectsImagesOfOneClass() throws IOException {
    assertFails(
        calibrate(trainedBundle(), site("a", 60, 0, false), out()),
        1,
        "two groups",
        "--classes-present both");
  }

  @Test
  void rejectsInvalidInputAndLeavesNoFiles() throws IOException {
    Path site = site("a", 30, 20, false);
    String labels = labels(site, 30, 20);
    assertFails(
        calibrate(trainedBundle(), site, out(), "--threshold", "youden"), 2, "--labels FILE");
    assertFails(
        calibrate(trainedBundle(), site, out(), "--labels", labels, "--threshold", "bundle"),
        2,
        "--threshold");
    assertFails(
        calibrate(trainedBundle(), site, out(), "--labels", labels, "--classes-present", "both"),
        2,
        "--classes-present");
    assertFails(
        calibrate(trainedBundle(), site.resolve("test/NORMAL"), out(), "--labels", labels),
        1,
        "is elsewhere");
    Path few = site("few", 9, 12, false);
    assertFails(
        calibrate(trainedBundle(), few, out(), "--labels", labels(few, 9, 12)), 1, "at least 10");
    assertFails(
        calibrate(trainedBundle(), site, out(), "--labels", site.resolve("none.csv").toString()),
        1,
        "none.csv");
    Path subtype = TestBundle.write(scratch.resolve("subtype"), Task.SUBTYPE, SIDE, false, 0.5);
    assertFails(calibrate(subtype, site, out()), 1, "subtype");
  }

  @Test
  void rejectsCalibratedBundleAndKeepsItOutOfSeedGroups() throws IOException {
    Path one = TestBundle.withSeed(scratch.resolve("one"), Task.BINARY, SIDE, 1);
    Path two = TestBundle.withSeed(scratch.resolve("two"), Task.BINARY, SIDE, 2);
    Path site = site("a", 40, 30, false);
    assertThat(calibrate(two, site, out()).exitCode()).isZero();
    CommandResult again = calibrate(out(), site, scratch.resolve("again"));
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains(Bundle.open(two).id());
    CommandResult indexed = EvalCommands.run("knn", out(), site, scratch.resolve("again"));
    assertThat(indexed.exitCode()).isEqualTo(1);
    assertThat(indexed.err()).contains(Bundle.open(two).id());

    Path compared = scratch.resolve("compared");
    CommandResult run =
        CommandResult.run(
            "compare",
            "--no-relaunch",
            "--bundle",
            one.toString(),
            out().toString(),
            "--data",
            TestDataset.write(scratch.resolve("children")).toString(),
            "--out",
            compared.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject comparison =
        JsonParser.parseString(Files.readString(compared.resolve("comparison.json")))
            .getAsJsonObject()
            .getAsJsonObject("comparison");
    assertThat(comparison.getAsJsonArray("seedGroups")).isEmpty();
  }

  @Test
  void countsLabelledDuplicatesOnceAndRejectsConflictingLabels() throws IOException {
    Path site = site("a", 30, 20, false);
    String labels = labels(site, 30, 20);
    Files.copy(site.resolve("test/NORMAL/IM-0001-0001.png"), site.resolve("copy.png"));
    Files.writeString(Path.of(labels), "copy.png,NORMAL\n", StandardOpenOption.APPEND);
    CommandResult run = calibrate(trainedBundle(), site, out(), "--labels", labels);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("n is 50", "Duplicates left out: 1");
    assertThat(Objects.requireNonNull(outManifest().calibration()).imageCount()).isEqualTo(50);

    String rows = Files.readString(Path.of(labels)).replace("copy.png,NORMAL", "copy.png,VIRAL");
    Files.writeString(Path.of(labels), rows.replace("VIRAL", "VIRAL_PNEUMONIA"));
    CommandResult other =
        calibrate(trainedBundle(), site, scratch.resolve("other"), "--labels", labels);
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).contains("IM-0001-0001.png' as NORMAL");
  }

  @Test
  void reportsExcludedFindingsWhenTooFewRemain() throws IOException {
    Path site = site("a", 30, 20, false);
    String labels = labels(site, 30, 20);
    String rows = Files.readString(Path.of(labels)).replace(",BACTERIAL_PNEUMONIA", ",PNEUMONIA");
    Files.writeString(Path.of(labels), rows);
    assertFails(
        calibrate(trainedBundle(Task.THREE_CLASS), site, out(), "--labels", labels),
        1,
        "BACTERIAL_PNEUMONIA or VIRAL_PNEUMONIA",
        "found 0 and 30",
        "does not include their finding: 20");
  }

  @Test
  void acceptsSymbolicLinkAsFolder() throws IOException {
    Path site = site("a", 40, 30, false);
    Path link = Files.createSymbolicLink(scratch.resolve("link"), site);
    CommandResult run = calibrate(trainedBundle(), link, out());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Objects.requireNonNull(outManifest().calibration()).imageCount()).isEqualTo(70);
  }

  private void assertFails(CommandResult run, int exitCode, String... found) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).contains(found).doesNotContain("\tat ");
    assertThat(out()).doesNotExist();
  }
}
