package dev.cxr.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.index.Task;
import dev.cxr.eval.cli.TestBundle;
import dev.cxr.eval.cli.TestDataset;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationDepth;
import dev.cxr.eval.evaluation.EvaluationSplit;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.ThresholdRule;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTest {

  @TempDir private static Path shared;
  private static Path dataset = Path.of("");
  private static Path bundle = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeDatasetAndBundle() throws IOException {
    dataset = TestDataset.write(shared.resolve("children"));
    bundle = TestBundle.write(shared.resolve("bundle"), Task.BINARY, 32, false, 0.5);
  }

  private static Evaluator.Builder quick() {
    return Evaluator.builder()
        .setBundle(bundle)
        .setDataset(dataset)
        .optDepth(EvaluationDepth.QUICK);
  }

  @Test
  void returnsMetricsWithIntervalsAndPrintsNothing() throws Exception {
    CapturedOutput<Evaluation> run = CapturedOutput.during(() -> quick().build().evaluate());
    assertThat(run.out()).isEmpty();
    Evaluation evaluation = run.value();
    assertThat(evaluation.evaluatedPredictions()).hasSize(40);
    assertThat(evaluation.patients()).isEqualTo(20);
    Estimate.Defined auroc = (Estimate.Defined) evaluation.metrics().binary().auroc();
    assertThat(auroc.n()).isEqualTo(40);
    assertThat(auroc.value()).isBetween(0.0, 1.0);
    assertThat(auroc.bestInterval()).isNotNull();
  }

  @Test
  void evaluatesRequestedSplitAtRequestedThreshold() throws IOException {
    Evaluation evaluation =
        quick()
            .optSplit(EvaluationSplit.VALIDATION)
            .optThresholdRule(new ThresholdRule.Sensitivity(1))
            .build()
            .evaluate();
    assertThat(evaluation.evaluatedPredictions()).isEqualTo(evaluation.validationPredictions());
    assertThat(evaluation.isOfDevelopment()).isTrue();
    assertThat(((Estimate.Defined) evaluation.metrics().binary().recall()).value()).isEqualTo(1);
  }

  @Test
  void writesReportOnceAndKeepsExistingFolder() throws IOException {
    Evaluation evaluation = quick().build().evaluate();
    Path folder = scratch.resolve("report");
    Evaluator.writeReport(evaluation, folder);
    assertThat(folder)
        .isDirectoryContaining("glob:**/report.html")
        .isDirectoryContaining("glob:**/metrics.json")
        .isDirectoryContaining("glob:**/predictions.csv");
    assertThatThrownBy(() -> Evaluator.writeReport(evaluation, folder))
        .isInstanceOf(UserErrorException.class);
  }

  @Test
  void requiresBundleAndDataset() {
    assertThatThrownBy(() -> Evaluator.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("setBundle", "setDataset");
  }
}
