package dev.cxr.train.report;

import static dev.cxr.train.report.Advice.Kind.NOTHING_LEARNED;
import static dev.cxr.train.report.Advice.Kind.OVERFITTING;
import static dev.cxr.train.report.Advice.Kind.SEVERAL_SEEDS;
import static dev.cxr.train.report.Advice.Kind.SYNTHETIC_SAMPLE;
import static dev.cxr.train.report.Advice.Kind.TRAIN_LONGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.loop.EpochMetrics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {

  private static EpochMetrics epoch(
      int number, double trainLoss, double validationLoss, @Nullable Double auroc) {
    return new EpochMetrics(number, trainLoss, null, validationLoss, null, auroc, 0.001);
  }

  private static List<EpochMetrics> epochs(String training, String validation) {
    String[] trainLosses = training.split(" ", -1);
    String[] losses = validation.split(" ", -1);
    List<EpochMetrics> epochs = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      epochs.add(
          epoch(i + 1, Double.parseDouble(trainLosses[i]), Double.parseDouble(losses[i]), null));
    }
    return epochs;
  }

  private static List<Advice.Kind> kinds(List<EpochMetrics> epochs, boolean stoppedEarly) {
    return Advice.of(epochs, false, stoppedEarly).stream().map(Advice::kind).toList();
  }

  @ParameterizedTest
  @CsvSource({
    // training, validation, stopped early, overfitting, train longer
    "1 .8 .6 .4, .9 .7 .8 .9, false, true, false",
    "1 .8 .6 .4, .9 .7 .8 .9, true, true, false",
    "1 .8 .6 .4, .9 .7 .71 .72, true, false, false", // hardly risen
    "1 .8 .6, .9 .7 .9, true, false, false", // for one epoch
    "1 .4 .6 .8, .9 .7 .8 .9, true, false, false", // training got worse too
    "1 .8 .6, .9 .8 .7, false, false, true",
    "1 .8 .6, .9 .8 .7, true, false, false", // somebody else's decision
    "1 .8 .6, .9 .7 .71, false, false, false",
    "1 .8 .6, .9 .7 .696, false, false, false", // hardly fallen
    "1, .9, false, false, false",
  })
  void advisesFromCurves(
      String training, String validation, boolean early, boolean overfitting, boolean longer) {
    List<Advice.Kind> expected = new ArrayList<>();
    if (overfitting) {
      expected.add(OVERFITTING);
    }
    if (longer) {
      expected.add(TRAIN_LONGER);
    }
    expected.add(SEVERAL_SEEDS);
    assertThat(kinds(epochs(training, validation), early)).isEqualTo(expected);
  }

  @Test
  void textNamesEpochsMetricsAndOption() {
    assertThat(Advice.of(epochs("1 .8 .6 .4", ".9 .7 .8 .9"), false, true).get(0).text())
        .contains("From epoch 2 to 4", "fell from 0.8000 to 0.4000", "rose from 0.7000 to 0.9000");
    assertThat(Advice.of(epochs("1 .8 .6", ".9 .8 .7"), false, false).get(0).text())
        .contains("--set epochs=6");
  }

  @Test
  void advisesOnlySeedsWithoutEpochs() {
    assertThat(kinds(List.of(), false)).containsExactly(SEVERAL_SEEDS);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.58, true", "0.5, 0.65, false", "0.65, 0.5, false"})
  void reportsChanceLevelAuroc(double first, double second, boolean expected) {
    List<EpochMetrics> epochs = List.of(epoch(1, 1, 1, first), epoch(2, 1, 1, second));
    assertThat(kinds(epochs, true).contains(NOTHING_LEARNED)).isEqualTo(expected);
  }

  @Test
  void listsSyntheticSampleFirst() {
    assertThat(Advice.of(List.of(), true, true).get(0).kind()).isEqualTo(SYNTHETIC_SAMPLE);
  }
}
