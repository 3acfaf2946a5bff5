package dev.cxr.train.learning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LearningRateTest {

  @Test
  void staysUntilItIsLowered() {
    LearningRate rate = new LearningRate(0.1);
    assertThat(rate.getNewValue(1)).isEqualTo(0.1f);
    assertThat(rate.getNewValue(1000)).isEqualTo(0.1f);
    rate.lower(0.5, 1e-6);
    assertThat(rate.getNewValue(1001)).isEqualTo(0.05f);
  }

  @Test
  void isNotLoweredBelowTheLeastNorRaisedToIt() {
    LearningRate rate = new LearningRate(0.1);
    rate.lower(0.01, 0.02);
    assertThat(rate.value()).isEqualTo(0.02);
    LearningRate small = new LearningRate(0.01);
    small.lower(0.5, 0.02);
    assertThat(small.value()).isEqualTo(0.01);
  }
}
