package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "1, 0, 1", "2, 0, 2", "4, 0, 8", "8, 0, 120", "1000, 0, 120"})
  @CsvSource({"1, 3, 3", "4, 3, 8", "1, 3600, 120"})
  void doublesTheDelayUpToTwoMinutes(int failedAttempts, int requested, int seconds) {
    assertThat(RetryPolicy.DEFAULT.delayAfter(failedAttempts, Duration.ofSeconds(requested)))
        .isEqualTo(Duration.ofSeconds(seconds));
  }
}
