package dev.cxr.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WarmUpTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1000, 0",
    "150, 1000, 150",
    "0.1, 1000, 100",
    ".25, 1000, 250",
    "10%, 1000, 100",
    "2.5%, 1000, 25",
    "0.0, 1000, 0",
    "999, 1000, 999",
    "0%, 0, 0"
  })
  void isANumberOrAShareOfSteps(String text, long totalSteps, long steps) {
    assertThat(new WarmUp(text).steps(totalSteps)).isEqualTo(steps);
    assertThat(new WarmUp(text).notice(totalSteps)).isEmpty();
  }

  @Test
  void becomesATenthOfARunThatIsNotLonger() {
    WarmUp warmUp = new WarmUp("150");
    assertThat(warmUp.steps(151)).isEqualTo(150);
    assertThat(warmUp.steps(150)).isEqualTo(15);
    assertThat(warmUp.steps(1)).isZero();
    assertThat(warmUp.notice(150))
        .hasValue("The warm-up is shortened to 15 of 150 steps: warm-up-steps is 150.");
    assertThat(new WarmUp("99%").steps(10)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.0", "1.5", "100%", "ten", "1e3", "9999999999", "NaN"})
  void rejectsAnythingElse(String text) {
    assertThatThrownBy(() -> new WarmUp(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as 0.1 or 10%");
  }
}
