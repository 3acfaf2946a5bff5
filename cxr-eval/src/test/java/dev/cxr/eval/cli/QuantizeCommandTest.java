package dev.cxr.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Quantization;
import dev.cxr.models.engine.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeCommandTest {

  private static final int SIDE = 96;

  @TempDir private static Path shared;
  private static Path dataset = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeDataset() throws IOException {
    dataset = TestDataset.write(shared.resolve("children"));
  }

  @AfterEach
  void restorePrecision() {
    Precision.FLOAT32.use();
  }

  @Test
  void bundleIsWrittenOnlyIfItPredictsTheSameAndFaster() throws IOException {
    Path bundle = scratch.resolve("trained");
    TestBundle.write(bundle, Task.BINARY, SIDE, false, 0);
    Path out = scratch.resolve("quantized");
    CommandResult run = EvalCommands.run("quantize", bundle, dataset, out);
    if (run.exitCode() == 0) {
      Quantization quantization =
          Objects.requireNonNull(Bundle.open(out).manifest().quantization());
      assertThat(quantization.agrees()).isTrue();
      assertThat(quantization.isFaster()).isTrue();
      assertThat(quantization.sourceBundle()).isEqualTo(Bundle.open(bundle).id());
      assertThat(run.out()).contains("AUROC", "images per second", "--precision int8");
      Path results = scratch.resolve("results");
      CommandResult evaluated =
          EvalCommands.evaluateQuick(
              out, dataset, results, "--engine", "auto", "--precision", "int8");
      assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
      assertThat(results.resolve("metrics.json")).content().contains("Predicted with int8");
    } else {
      assertThat(run.err())
          .containsAnyOf("an AUROC within .001 of", "int8 to be faster")
          .contains("Nothing was written.");
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void otherPredictionsAreReportedAndNothingIsWritten() throws IOException {
    Path bundle = scratch.resolve("trained");
    TestBundle.write(bundle, Task.BINARY, SIDE, false, .5);
    Path undecided = scratch.resolve("undecided");
    TestBundle.write(undecided, Task.BINARY, SIDE, false, medianProbability(bundle));
    Path out = scratch.resolve("quantized");
    CommandResult run = EvalCommands.run("quantize", undecided, dataset, out);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .containsPattern("AUROC within .001 of 0\\.\\d{4} and at most 0 changed decisions on \\d+")
        .containsPattern("found an AUROC of 0\\.\\d{4} and \\d+ changed decisions with int8")
        .contains("Nothing was written.");
    assertThat(out).doesNotExist();
  }

  private static double medianProbability(Path bundle) throws IOException {
    List<GrayImage> images = new ArrayList<>();
    for (Xray xray :
        DatasetReader.read(dataset.toString(), ValidationSplitRule.DEFAULT)
            .inSplit(Split.VALIDATION)) {
      images.add(xray.source().read());
    }
    try (Classifier classifier = Classifier.load(bundle)) {
      return Stream.of(classifier.probabilities(images))
          .mapToDouble(row -> row[1])
          .sorted()
          .skip(images.size() / 2)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void evaluateNeedsTheVariant() throws IOException {
    Path bundle = scratch.resolve("trained");
    TestBundle.write(bundle, Task.BINARY, SIDE, false, .5);
    CommandResult run =
        EvalCommands.evaluateQuick(
            bundle, dataset, scratch.resolve("results"), "--engine", "auto", "--precision", "int8");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("int8 variant", "cxr quantize");
  }
}
