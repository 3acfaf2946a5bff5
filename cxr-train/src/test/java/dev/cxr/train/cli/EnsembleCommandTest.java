package dev.cxr.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.train.run.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleCommandTest {

  @TempDir private Path temporary;
  private Path data;
  private Path out;

  @BeforeEach
  void writeImages() throws IOException {
    data = temporary.resolve("data");
    out = temporary.resolve("ensemble");
    SmallRun.writeImages(data);
  }

  private Path train(String name, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--no-relaunch", "--recipe", "quick", "--data", data.toString()));
    arguments.addAll(List.of("--out", temporary.resolve(name).toString()));
    for (String setting : List.of("side=32", "epochs=2", "validation.fraction=0.3")) {
      arguments.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    CliResult trained = CliResult.run(arguments);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    return temporary.resolve(name).resolve("bundle");
  }

  private CliResult ensemble(Path from, Path... bundles) {
    List<String> arguments = new ArrayList<>(List.of("ensemble", "--no-relaunch", "--bundle"));
    for (Path bundle : bundles) {
      arguments.add(bundle.toString());
    }
    arguments.addAll(List.of("--data", from.toString(), "--out", out.toString()));
    return CliResult.run(arguments);
  }

  private static double logit(Path bundle, List<GrayImage> images) throws IOException {
    Bundle loaded = Bundle.open(bundle);
    try (Classifier classifier = Classifier.load(loaded)) {
      double positive = classifier.probabilities(images)[0][1];
      return loaded.manifest().temperature() * Math.log(positive / (1 - positive));
    }
  }

  @Test
  void averagesLogitsAndChoosesThreshold() throws IOException {
    Path one = train("one", "seed=1", "threshold-views=2");
    Path two = train("two", "seed=2", "threshold-views=2");
    CliResult made = ensemble(data, one, two);
    assertThat(made.exitCode()).as(made.err()).isZero();
    Bundle bundle = Bundle.open(out);
    String member = Bundle.open(one).manifest().architecture();
    assertThat(bundle.manifest().architecture())
        .isEqualTo("ensemble(%s, %s)".formatted(member, member));
    assertThat(bundle.manifest().threshold().rule()).contains("2 augmented views");
    assertThat(made.out()).contains("AUROC", out.toString(), bundle.id(), "not a medical device");
    assertThat(out.resolve("history.csv")).content().startsWith("member,epoch").hasLineCount(5);
    List<GrayImage> pictures =
        List.of(
            DatasetReader.read(data.toString(), ValidationSplitRule.DEFAULT)
                .inSplit(Split.TRAIN)
                .get(0)
                .source()
                .read());
    double first = logit(one, pictures);
    double second = logit(two, pictures);
    assertThat(first).isNotCloseTo(second, within(1e-3));
    assertThat(logit(out, pictures)).isCloseTo((first + second) / 2, within(1e-4));

    Path mean = out;
    out = temporary.resolve("again");
    assertRejected(ensemble(data, one, mean), 1, "an ensemble, one with", mean.toString());
  }

  @Test
  void rejectsIncompatibleBundles() {
    Path one = train("one", "seed=1");
    assertRejected(ensemble(data, one), 2, "2 to 10 bundles", "1");
    assertRejected(ensemble(data, one, one), 2, "each bundle once");
    Path otherSplit = train("two", "seed=2", "validation.fraction=0.2");
    assertRejected(
        ensemble(data, one, otherSplit),
        1,
        "the same task, input, training images and validation images");
    Path other = train("three", "seed=2");
    assertRejected(
        ensemble(Path.of("synthetic"), one, other), 1, "Give the training dataset with --data");
  }

  private void assertRejected(CliResult ended, int exitCode, String... words) {
    assertThat(ended.exitCode()).isEqualTo(exitCode);
    assertThat(ended.err()).contains(words);
    assertThat(Files.exists(out)).isFalse();
  }
}
