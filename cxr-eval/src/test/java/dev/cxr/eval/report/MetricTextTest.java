package dev.cxr.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.PatientInterval;
import org.junit.jupiter.api.Test;

class MetricTextTest {

  private static final Interval CLOSED = new Interval(-0.1, 0.25);

  @Test
  void prefersIntervalByPatient() {
    MetricText text =
        MetricText.of(
            "x",
            new Estimate.Defined(
                0.12345, 7, CLOSED, new PatientInterval(new Interval(0, 0.5), 100, 0)));
    assertThat(text.value()).isEqualTo("0.123");
    assertThat(text.interval()).isEqualTo("−0.100 to 0.250");
    assertThat(text.bestInterval()).isEqualTo("0.000 to 0.500");
    assertThat(text.n()).isEqualTo("7");
  }

  @Test
  void hidesZeroWidthInterval() {
    Estimate certain =
        new Estimate.Defined(1, 7, new Interval(1, 1), new PatientInterval(null, 100, 0));
    assertThat(MetricText.of("x", certain).bestInterval()).isEmpty();
    assertThat(MetricText.withInterval(certain)).isEqualTo("1.000");
    Estimate wilson = new Estimate.Defined(1, 7, CLOSED, new PatientInterval(null, 100, 0));
    assertThat(MetricText.of("x", wilson).bestInterval()).isEqualTo("−0.100 to 0.250");
  }

  @Test
  void undefinedMetricGivesReason() {
    MetricText text = MetricText.of("x", new Estimate.Undefined("no example"));
    assertThat(text.isDefined()).isFalse();
    assertThat(text.reason()).isEqualTo("no example");
    assertThat(MetricText.withInterval(new Estimate.Undefined("no example")))
        .isEqualTo("not defined (no example)");
  }
}
