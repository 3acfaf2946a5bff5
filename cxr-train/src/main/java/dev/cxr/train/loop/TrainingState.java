package dev.cxr.train.loop;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.annotations.SerializedName;
import dev.cxr.train.recipe.EarlyStopping;
import dev.cxr.train.recipe.ReduceOnPlateau;
import java.util.List;
import java.util.stream.Stream;

/**
 * The state of a training between two batches, without the learner's. Every number is finite and
 * survives JSON bit by bit.
 *
 * @param epoch in progress, from 1
 * @param batch to train next, from 0
 * @param totals over the batches of this epoch so far
 * @param history of the epochs before
 * @param stopping state of early stopping
 * @param plateau state of the learning rate
 */
record TrainingState(
    int epoch,
    int batch,
    @SerializedName(value = "totals", alternate = "seen") EpochTotals totals,
    List<EpochMetrics> history,
    EarlyStopping.State stopping,
    ReduceOnPlateau.State plateau) {

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /**
   * Sums over the batches of an epoch.
   *
   * @param lossSum of batches, each times its weight
   * @param weightSum of batches
   * @param correct images whose class was predicted
   * @param images how many were trained on
   */
  record EpochTotals(
      double lossSum,
      double weightSum,
      int correct,
      @SerializedName(value = "images", alternate = "pictures") int images) {

    static final EpochTotals ZERO = new EpochTotals(0, 0, 0, 0);

    EpochTotals plus(EpochTotals batch) {
      return new EpochTotals(
          lossSum + batch.lossSum,
          weightSum + batch.weightSum,
          correct + batch.correct,
          images + batch.images);
    }

    double loss() {
      return lossSum / weightSum;
    }

    double accuracy() {
      return (double) correct / images;
    }
  }

  TrainingState afterBatch(EpochTotals batchTotals) {
    return new TrainingState(
        epoch, batch + 1, totals.plus(batchTotals), history, stopping, plateau);
  }

  TrainingState afterEpoch(
      EpochMetrics row, EarlyStopping.State newStopping, ReduceOnPlateau.State newPlateau) {
    List<EpochMetrics> rows = Stream.concat(history.stream(), Stream.of(row)).toList();
    return new TrainingState(epoch + 1, 0, EpochTotals.ZERO, rows, newStopping, newPlateau);
  }

  String toJson() {
    return GSON.toJson(this);
  }

  static TrainingState fromJson(String json) {
    return GSON.fromJson(json, TrainingState.class);
  }
}
