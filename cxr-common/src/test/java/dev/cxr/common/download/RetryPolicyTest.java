package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 2", "3, 4", "4, 8", "7, 64", "8, 120", "1000, 120"})
  void doublesTheDelayUpToTwoMinutes(int failedAttempts, int seconds) {
    assertThat(RetryPolicy.DEFAULT.delayAfter(failedAttempts))
        .isEqualTo(Duration.ofSeconds(seconds));
  }
}
