package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MultiSeedRunTest {

  @Test
  void computesSampleStandardDeviation() {
    MultiSeedRun.MetricSummary summary =
        new MultiSeedRun.MetricSummary("auroc", List.of(.90, .94, .98));
    assertThat(summary.mean()).isCloseTo(.94, within(1e-12));
    assertThat(summary.standardDeviation()).isCloseTo(.04, within(1e-12));
    assertThat(summary.toText())
        .isEqualTo("  auroc                  0.9400    0.0400   0.9000 to 0.9800");
  }
}
