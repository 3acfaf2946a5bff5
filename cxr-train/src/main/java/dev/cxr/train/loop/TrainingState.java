package dev.cxr.train.loop;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.train.schedule.EarlyStopping;
import dev.cxr.train.schedule.ReduceOnPlateau;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a training stands between two batches, the learner itself apart. Every number is finite and
 * comes back from JSON to the bit.
 *
 * @param epoch the one being learned, from 1
 * @param batch of that epoch, the one to learn next, from 0
 * @param seen of that epoch, what its batches came to
 * @param history the epochs before
 * @param stopping of early stopping
 * @param plateau of the learning rate
 */
public record TrainingState(
    int epoch,
    int batch,
    EpochTotals seen,
    List<TrainingHistory.EpochMetrics> history,
    EarlyStopping.State stopping,
    ReduceOnPlateau.State plateau) {

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /**
   * What the batches of an epoch came to.
   *
   * @param lossSum of batches, each times its weight
   * @param weightSum of batches
   * @param correct pictures called right
   * @param pictures how many were seen
   */
  public record EpochTotals(double lossSum, double weightSum, int correct, int pictures) {

    public static final EpochTotals ZERO = new EpochTotals(0, 0, 0, 0);

    EpochTotals plus(EpochTotals batch) {
      return new EpochTotals(
          lossSum + batch.lossSum,
          weightSum + batch.weightSum,
          correct + batch.correct,
          pictures + batch.pictures);
    }

    public double loss() {
      return lossSum / weightSum;
    }

    public double accuracy() {
      return (double) correct / pictures;
    }
  }

  /** One batch on. */
  public TrainingState afterBatch(EpochTotals batchTotals) {
    return new TrainingState(epoch, batch + 1, seen.plus(batchTotals), history, stopping, plateau);
  }

  /** At the start of the next epoch. */
  public TrainingState afterEpoch(
      TrainingHistory.EpochMetrics row,
      EarlyStopping.State newStopping,
      ReduceOnPlateau.State newPlateau) {
    List<TrainingHistory.EpochMetrics> rows =
        Stream.concat(history.stream(), Stream.of(row)).toList();
    return new TrainingState(epoch + 1, 0, EpochTotals.ZERO, rows, newStopping, newPlateau);
  }

  /** What comes next, for people. */
  public String describeNext() {
    return "batch %d of epoch %d".formatted(batch + 1, epoch);
  }

  public String toJson() {
    return GSON.toJson(this);
  }

  public static TrainingState fromJson(String json) {
    return GSON.fromJson(json, TrainingState.class);
  }
}
