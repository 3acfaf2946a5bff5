package dev.cxr.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BenchmarkSamplesTest {

  @Test
  void formatsMedianMinimumAndMaximum() {
    assertThat(new BenchmarkSamples(30, 10, 20).formatLine("speed", "img/s"))
        .isEqualTo("  speed                                20.0 img/s  (10.0 to 30.0)");
  }

  @Test
  void dividesSampleBySample() {
    BenchmarkSamples ratios =
        new BenchmarkSamples(10, 20, 90).dividedBy(new BenchmarkSamples(20, 10, 30));
    assertThat(ratios.formatLine("ratio", ""))
        .isEqualTo("  ratio                               2.000        (0.500 to 3.000)");
  }
}
