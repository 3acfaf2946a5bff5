package dev.cxr.common.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {

  private static Chart.Builder chart() {
    return Chart.builder("id", "title", Chart.Axis.zeroToOne("x"), new Chart.Axis("y", -1, 1));
  }

  @Test
  void drawsALineFromCornerToCorner() {
    Chart chart =
        chart().line("a", "line-0", new double[] {0, 1}, new double[] {-1, 1}).build("text");
    assertThat(chart.lines())
        .containsExactly(new Chart.LineSeries("a", "line-0", "M46.0 260.0L346.0 10.0"));
    assertThat(chart.yTicks().get(0)).isEqualTo(new Chart.AxisTick("260.0", "-1.0"));
    assertThat(chart.xTicks()).extracting(Chart.AxisTick::text).endsWith("0.8", "1.0");
  }

  @Test
  void clampsPointsAndDropsRepeatedOnes() {
    Chart chart =
        chart()
            .line("", "line-0", new double[] {0.5, 0.5, 0.50001}, new double[] {-7, -8, -9})
            .build("text");
    assertThat(chart.lines().get(0).path()).isEqualTo("M196.0 260.0");
  }

  @Test
  void drawsTheSameValuesInAnotherFrame() {
    Chart chart =
        chart().line("a", "line-0", new double[] {0, 1}, new double[] {-1, 1}).build("text");
    assertThat(chart.withFrame(new Chart.Frame(10, 20, 100, 200)).lines())
        .containsExactly(new Chart.LineSeries("a", "line-0", "M10.0 220.0L110.0 20.0"));
  }

  @Test
  void drawsBothIntervalsOfAMark() {
    Chart chart =
        chart()
            .mark("m", "operating", new Chart.Extent(0, 0.5, 1), new Chart.Extent(-1, 0, 1))
            .mark("operating", 0.5, 0, -1, 1)
            .build("text");
    assertThat(chart.marks())
        .containsExactly(
            new Chart.PointWithInterval(
                "m", "operating", "196.0", "135.0", "46.0", "346.0", "260.0", "10.0"),
            new Chart.PointWithInterval(
                "", "operating", "196.0", "135.0", "196.0", "196.0", "260.0", "10.0"));
  }

  @Test
  void omitsALineWithoutPoints() {
    assertThat(chart().line("a", "line-0", new double[0], new double[0]).build("text").lines())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.93, 1.0, 0.2",
    "1.6, 2.0, 0.4",
    "2.2, 2.5, 0.5",
    "0.0071, 0.01, 0.002",
    "5, 5, 1",
    "130, 200, 40",
  })
  void endsAnAxisAtARoundNumber(double most, String last, String first) {
    Chart chart =
        Chart.builder("id", "title", Chart.Axis.zeroToOne("x"), Chart.Axis.upTo("y", most))
            .build("text");
    assertThat(chart.yTicks()).extracting(Chart.AxisTick::text).contains(first).endsWith(last);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1 2",
    "3, 1 2 3",
    "11, 1 2 3 4 5 6 7 8 9 10 11",
    "30, 1 4 7 10 13 16 19 22 25 28"
  })
  void labelsCountingAxesInWholeNumbers(int last, String texts) {
    Chart chart =
        Chart.builder("id", "title", Chart.Axis.counting("epoch", last), Chart.Axis.zeroToOne("y"))
            .build("text");
    assertThat(chart.xTicks())
        .extracting(Chart.AxisTick::text)
        .containsExactly(texts.split(" ", -1));
  }
}
