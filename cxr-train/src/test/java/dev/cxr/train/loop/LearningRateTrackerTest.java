package dev.cxr.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateTrackerTest {

  @Test
  void constantByDefault() {
    LearningRateTracker rate = new LearningRateTracker(0.1, 0, LearningRateTracker.UNBOUNDED);
    assertThat(rate.at(0)).isEqualTo(0.1);
    assertThat(rate.at(1_000_000)).isEqualTo(0.1);
  }

  @Test
  void staysAtPeakAfterWarmUp() {
    LearningRateTracker rate = new LearningRateTracker(0.2, 2, LearningRateTracker.UNBOUNDED);
    assertThat(rate.at(0)).isEqualTo(0.1);
    assertThat(rate.at(1)).isEqualTo(0.2);
    assertThat(rate.at(9999)).isEqualTo(0.2);
  }

  /** From step 4 on the values are those of Keras' CosineDecay with as long a warm-up. */
  @ParameterizedTest
  @CsvSource({
    "0, .25",
    "1, .5",
    "2, .75",
    "3, 1",
    "4, 1",
    "5, .9330127",
    "6, .75",
    "7, .5",
    "8, .25",
    "9, .0669873",
    "10, 0",
    "11, 0",
  })
  void warmsUpLinearlyThenFollowsCosine(long step, double expected) {
    assertThat(new LearningRateTracker(1, 4, 10).at(step)).isCloseTo(expected, within(1e-7));
    assertThat(new LearningRateTracker(6e-4, 4, 10).at(step))
        .isCloseTo(6e-4 * expected, within(1e-10));
  }
}
