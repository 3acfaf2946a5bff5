package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DistributionTest {

  @Test
  void interpolatesQuartiles() {
    assertThat(Distribution.of(new double[] {9, 1, 4, 2}))
        .isEqualTo(new Distribution(4, 1, 1.75, 3, 5.25, 9, 4));
    assertThat(Distribution.of(new double[] {5, 1, 3, 2, 4}))
        .isEqualTo(new Distribution(5, 1, 2, 3, 4, 5, 3));
  }

  @Test
  void acceptsASingleValue() {
    assertThat(Distribution.of(new double[] {7})).isEqualTo(new Distribution(1, 7, 7, 7, 7, 7, 7));
  }
}
