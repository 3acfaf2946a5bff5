package dev.cxr.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChartTest {

  private static Chart.Builder chart() {
    return Chart.builder("id", "title", Chart.Axis.unit("x"), new Chart.Axis("y", -1, 1));
  }

  @Test
  void aLineRunsFromCornerToCorner() {
    Chart chart =
        chart().line("a", "line-0", new double[] {0, 1}, new double[] {-1, 1}).build("text");
    assertThat(chart.lines())
        .containsExactly(new Chart.Line("a", "line-0", "M46.0 260.0L346.0 10.0"));
    assertThat(chart.yTicks().get(0)).isEqualTo(new Chart.Tick("260.0", "-1.0"));
    assertThat(chart.xTicks()).extracting(Chart.Tick::text).endsWith("0.8", "1.0");
  }

  @Test
  void whatLiesOutsideIsDrawnAtTheEdgeAndEqualPointsOnce() {
    Chart chart =
        chart()
            .line("", "line-0", new double[] {0.5, 0.5, 0.50001}, new double[] {-7, -8, -9})
            .build("text");
    assertThat(chart.lines().get(0).path()).isEqualTo("M196.0 260.0");
  }

  @Test
  void aLineWithoutPointsIsLeftOut() {
    assertThat(chart().line("a", "line-0", new double[0], new double[0]).build("text").lines())
        .isEmpty();
  }
}
