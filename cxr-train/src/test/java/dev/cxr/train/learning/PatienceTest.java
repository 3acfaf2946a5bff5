package dev.cxr.train.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {

  /** Losses epoch by epoch, and after which of them patience is first out (0: never). */
  @ParameterizedTest
  @CsvSource({
    "2, 0,    '5 4 3 2 1',         0",
    "2, 0,    '5 4 4 4',           4",
    "2, 0,    '5 6 4 6 6',         5",
    "1, 0,    '5 5',               2",
    "3, 0.5,  '5 4.6 4.7 4.8',     4",
    "2, 0.5,  '5 4.4 4.0 3.95',    4",
    "2, 0,    '5 NaN NaN',         3",
  })
  void isOutAfterSoManyEpochsWithoutABetterLoss(
      int patience, double minDelta, String losses, int expected) {
    Patience tested = new Patience(patience, minDelta);
    int outAt = 0;
    double[] each =
        Pattern.compile(" ").splitAsStream(losses).mapToDouble(Double::parseDouble).toArray();
    for (int i = 0; i < each.length && outAt == 0; i++) {
      tested.isBetter(each[i]);
      outAt = tested.isOut() ? i + 1 : 0;
    }
    assertThat(outAt).isEqualTo(expected);
  }

  @Test
  void renewedItWaitsAsLongAgainForSomethingBetterThanTheBest() {
    Patience patience = new Patience(2, 0);
    patience.isBetter(1);
    patience.isBetter(2);
    patience.isBetter(2);
    patience.renew();
    assertThat(patience.isOut()).isFalse();
    assertThat(patience.isBetter(1.5)).isFalse();
    assertThat(patience.isBetter(1.5)).isFalse();
    assertThat(patience.isOut()).isTrue();
    assertThat(patience.isBetter(0.5)).isTrue();
  }
}
