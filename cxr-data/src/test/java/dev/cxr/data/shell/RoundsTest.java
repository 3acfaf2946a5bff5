package dev.cxr.data.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundsTest {

  @Test
  void aLineTellsTheMedianTheLeastAndTheMost() {
    assertThat(new Rounds(30, 10, 20).line("speed", "img/s"))
        .isEqualTo("  speed                                20.0 img/s  (10.0 to 30.0)");
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    Rounds ratios = new Rounds(10, 20, 90).over(new Rounds(20, 10, 30));
    assertThat(ratios.line("ratio", ""))
        .isEqualTo("  ratio                               2.000        (0.500 to 3.000)");
  }
}
