package dev.cxr.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyStoppingTest {

  static DoubleStream numbers(String text) {
    return Pattern.compile(" ").splitAsStream(text).mapToDouble(Double::parseDouble);
  }

  /**
   * Figures epoch by epoch, after which of them the run stops (0: never), and which was the best.
   * All but the rows with NaN are what the callback of Keras 3.15.1 does.
   */
  @ParameterizedTest
  @CsvSource({
    "MIN, 0,    2, 0, '5 4 3 2 1',               0, 5",
    "MIN, 0,    2, 0, '5 4 4 4',                 4, 2",
    "MIN, 0,    2, 0, '5 6 4 6 6',               5, 3",
    "MIN, 0,    1, 0, '5 5',                     2, 1",
    "MIN, 0.5,  3, 0, '5 4.6 4.7 4.8',           4, 1",
    "MIN, 0.5,  2, 0, '5 4.4 4.0 3.95',          4, 2",
    "MIN, 0.5,  2, 0, '5 4.5 4.5',               3, 1",
    "MAX, 0,    2, 0, '.5 .6 .6 .6',             4, 2",
    "MAX, 0.01, 2, 0, '.5 .505 .51 .52',         3, 1",
    "MAX, 0.01, 2, 0, '.5 .505 .515 .52 .521',   5, 3",
    "MAX, 0,    1, 0, '.9 .8',                   2, 1",
    "MIN, 0,    2, 3, '1 2 3 9 8 8 8',           7, 5",
    "MIN, 0,    1, 3, '1 2 3 4 5',               5, 4",
    "MIN, 0,    2, 9, '1 2 3 4',                 0, 0",
    "MAX, 0,    2, 1, '.9 .5 .6 .55 .6',         5, 3",
    "MIN, 0,    2, 0, '5 NaN NaN',               3, 1",
    "MIN, 0,    3, 0, 'NaN NaN 5 6 4',           0, 5",
    "MAX, 0,    2, 0, 'NaN NaN',                 2, 0",
  })
  void stopsAndKeepsBestLikeKeras(
      Direction direction,
      double minDelta,
      int patience,
      int startFromEpoch,
      String metrics,
      int stopsAt,
      int best) {
    EarlyStopping tested = new EarlyStopping(patience, minDelta, startFromEpoch);
    EarlyStopping.State state = EarlyStopping.start(direction);
    int kept = 0;
    for (double metric : numbers(metrics).toArray()) {
      if (state.stopped()) {
        break;
      }
      state = tested.after(state, metric, direction);
      kept = state.isBest() ? state.epoch() : kept;
    }
    assertThat(state.stopped() ? state.epoch() : 0).isEqualTo(stopsAt);
    assertThat(state.bestEpoch()).isEqualTo(best);
    assertThat(kept).isEqualTo(best);
  }

  @Test
  void stateIsFinite() {
    for (Direction direction : Direction.values()) {
      EarlyStopping tested = new EarlyStopping(3, 0, 0);
      assertThat(EarlyStopping.start(direction).best()).isFinite();
      assertThat(tested.after(EarlyStopping.start(direction), Double.NaN, direction).best())
          .isFinite();
    }
  }
}
