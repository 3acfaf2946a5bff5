package dev.cxr.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeveralSeedsTest {

  @Test
  void theSpreadIsTheSampleStandardDeviation() {
    SeveralSeeds.Spread spread = new SeveralSeeds.Spread("auroc", List.of(.90, .94, .98));
    assertThat(spread.mean()).isCloseTo(.94, within(1e-12));
    assertThat(spread.standardDeviation()).isCloseTo(.04, within(1e-12));
    assertThat(spread.line())
        .isEqualTo("  auroc                  0.9400    0.0400   0.9000 to 0.9800");
  }
}
