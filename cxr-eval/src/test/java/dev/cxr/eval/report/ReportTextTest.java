package dev.cxr.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTextTest {

  private static final BinaryMetrics REPORT =
      BinaryMetrics.of(
          new LabelledScores(
              new double[] {0.1, 0.2, 0.7, 0.4, 0.8, 0.9},
              new boolean[] {false, false, false, true, true, true}),
          0.5);

  @Test
  void printsConfusionMatrixOfActualAndPredicted() {
    assertThat(text(REPORT).lines().limit(4))
        .containsExactly(
            "                          predicted    predicted",
            "                             NORMAL    PNEUMONIA",
            "  actual NORMAL                   2            1",
            "  actual PNEUMONIA                1            2");
    BinaryMetrics allPredicted =
        BinaryMetrics.of(new LabelledScores(new double[] {0.9, 0.8}, new boolean[2]), 0.5);
    assertThat(text(allPredicted).lines().skip(2).limit(2))
        .containsExactly(
            "  actual NORMAL                   0            2",
            "  actual PNEUMONIA                0            0");
  }

  @Test
  void printsMetricsWithIntervalAndCount() {
    // Wilson's interval of 4 of 6 and of 2 of 3; the AUROC is 8 of 9 pairs.
    assertThat(text(REPORT).lines().skip(5))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("  threshold                  0.5000   by a test"),
            line -> assertThat(line).matches("  accuracy +0\\.6667   0\\.3000 to 0\\.9032 +n 6"),
            line -> assertThat(line).matches("  precision +0\\.6667   0\\.2077 to 0\\.9385 +n 3"),
            line -> assertThat(line).matches("  recall, sensitivity +0\\.6667   0\\.2077 to .+n 3"),
            line -> assertThat(line).matches("  specificity +0\\.6667   0\\.2077 to .+n 3"),
            line -> assertThat(line).matches("  F1 +0\\.6667 +n 6"),
            line -> assertThat(line).matches("  AUROC +0\\.8889   0\\.\\d{4} to 1\\.0000 +n 6"));
  }

  @Test
  void prefersIntervalByPatient() {
    int n = 40;
    double[] scores = IntStream.range(0, n).mapToDouble(i -> (i * 7 % n) / (double) n).toArray();
    boolean[] positive = new boolean[n];
    IntStream.range(0, n).forEach(i -> positive[i] = i * 7 % n + i % 5 > n / 2);
    List<String> patients = IntStream.range(0, n).mapToObj(i -> "p" + i / 2).toList();
    BinaryMetrics report =
        BinaryMetrics.of(
            new LabelledScores(scores, positive), 0.4, PatientBootstrap.of(patients, 1, 500));
    Interval byPatient =
        Objects.requireNonNull(((Estimate.Defined) report.f1()).byPatient()).interval();
    assertThat(text(report))
        .containsPattern(
            String.format(
                Locale.ROOT,
                "F1 .*%.4f to %.4f",
                Objects.requireNonNull(byPatient).low(),
                byPatient.high()));
  }

  @Test
  void undefinedMetricGivesReason() {
    BinaryMetrics none =
        BinaryMetrics.of(new LabelledScores(new double[] {0.1, 0.2}, new boolean[2]), 0.5);
    assertThat(text(none))
        .containsPattern("precision +not defined: no positive prediction")
        .containsPattern("recall, sensitivity +not defined: no positive example")
        .containsPattern("F1 +not defined: neither a positive example nor")
        .containsPattern("AUROC +not defined: no positive example")
        .containsPattern("specificity +1\\.0000")
        .doesNotContain("NaN", "null");
  }

  @Test
  void textIsLocaleIndependent() {
    String expected = text(REPORT);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(text(REPORT)).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  private static String text(BinaryMetrics report) {
    return ReportText.of(report, Task.BINARY, "by a test");
  }
}
