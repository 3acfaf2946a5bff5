package dev.cxr.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReduceOnPlateauTest {

  /** Figures epoch by epoch, and the rate after each, from 1: what Keras 3.15.1 does. */
  @ParameterizedTest
  @CsvSource({
    "VALIDATION_LOSS, 0.5, 2, 0,   0, 0,    '5 4 4 4 4 4 4',           '1 1 1 .5 .5 .25 .25'",
    "VALIDATION_LOSS, 0.5, 1, 0,   0, 0,    '5 5 5 4 5',               '1 .5 .25 .25 .125'",
    "VALIDATION_LOSS, 0.1, 2, 0.5, 0, 0,    '5 4.6 4.6 4.4 4.4 4.4',   '1 1 .1 .1 .1 .010000000000000002'",
    "VALIDATION_AUROC, 0.5, 2, 0,   0, 0,    '.5 .6 .6 .5 .7 .6 .6',    '1 1 1 .5 .5 .5 .25'",
    "VALIDATION_LOSS, 0.1, 1, 0,   0, 0.05, '5 5 5 5',                 '1 .1 .05 .05'",
    "VALIDATION_LOSS, 0.5, 1, 0,   2, 0,    '5 5 5 5 5 5 5 5',         '1 .5 .5 .25 .25 .125 .125 .0625'",
    "VALIDATION_LOSS, 0.5, 2, 0,   2, 0,    '5 5 5 5 5 5 5 5 5 5',     '1 1 .5 .5 .5 .25 .25 .25 .125 .125'",
    "VALIDATION_LOSS, 0.5, 2, 0,   2, 0,    '5 5 5 5 4 5 5 5',         '1 1 .5 .5 .5 .5 .25 .25'",
    "VALIDATION_LOSS, 0.5, 2, 1e-4, 0, 0,   '5 NaN NaN NaN NaN',       '1 1 .5 .5 .25'",
    "VALIDATION_LOSS, 0.5, 1, 0,   0, 2,    '5 5 5',                   '1 1 1'",
    "VALIDATION_LOSS, 0.5, 1, 0,   1, 0,    '5 5 5 5 5',               '1 .5 .25 .125 .0625'",
  })
  void lowersRateLikeKeras(
      Monitor monitor,
      double factor,
      int patience,
      double minDelta,
      int cooldown,
      double minRate,
      String metrics,
      String rates) {
    ReduceOnPlateau tested =
        new ReduceOnPlateau(factor, patience, minRate, monitor, minDelta, cooldown);
    ReduceOnPlateau.State state = tested.start(1);
    double[] values = EarlyStoppingTest.numbers(metrics).toArray();
    double[] found = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      state = tested.after(state, values[i]);
      found[i] = state.rate();
    }
    assertThat(found).containsExactly(EarlyStoppingTest.numbers(rates).toArray());
  }
}
