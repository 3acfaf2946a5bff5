package dev.cxr.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example on the synthetic sample. */
class ExamplesTest {

  @TempDir private static Path folder;

  private static Path bundle;
  private static String trainingOutput;

  private interface Program {
    void run() throws Exception;
  }

  /** Runs a program and returns what it prints. */
  private static String outputOf(Program program) throws Exception {
    PrintStream original = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setOut(original);
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  @BeforeAll
  static void train() throws Exception {
    Path run = folder.resolve("run");
    trainingOutput = outputOf(() -> TrainExample.main(run.toString(), "1"));
    bundle = run.resolve("bundle");
  }

  @Test
  void trainExampleReportsEpochsAndBundle() {
    assertThat(trainingOutput.lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("Epoch 1: loss "))
        .contains("Bundle: " + bundle);
  }

  @Test
  void predictExamplePrintsDecisionAndWritesHeatmap() throws Exception {
    Path image = folder.resolve("image.png");
    var xrays = DatasetReader.read("synthetic", ValidationSplitRule.DEFAULT).xrays();
    PngEncoder.write(xrays.get(0).source().read(), image);
    Path heatmap = folder.resolve("heatmap.png");
    String output =
        outputOf(
            () -> PredictExample.main(bundle.toString(), image.toString(), heatmap.toString()));
    assertThat(output).containsPattern("(NORMAL|PNEUMONIA): probability \\d\\.\\d{3}, threshold");
    assertThat(ImageIO.read(heatmap.toFile()).getWidth())
        .isEqualTo(ImageIO.read(image.toFile()).getWidth());
  }

  @Test
  void evaluateExamplePrintsIntervalsAndWritesReport() throws Exception {
    Path report = folder.resolve("report");
    String output =
        outputOf(() -> EvaluateExample.main(bundle.toString(), "synthetic", report.toString()));
    assertThat(output).contains("AUROC 0.", "sensitivity ", "specificity ");
    assertThat(Files.list(report)).isNotEmpty();
  }

  @Test
  void easyTrainExampleTrains() throws Exception {
    EasyTrainExample.main("synthetic", "1");
  }

  @Test
  void customArchitectureExampleLoadsItsBundle() throws Exception {
    Path run = folder.resolve("custom");
    assertThat(outputOf(() -> CustomArchitectureExample.main(run.toString())))
        .contains("Loaded small-net");
  }
}
