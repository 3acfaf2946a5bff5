package dev.cxr.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.train.learning.EarlyStopping;
import dev.cxr.train.learning.ReduceOnPlateau;
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
record Standing(
    int epoch,
    int batch,
    Seen seen,
    List<History.Epoch> history,
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
  record Seen(double lossSum, double weightSum, int correct, int pictures) {

    static final Seen NOTHING = new Seen(0, 0, 0, 0);

    Seen plus(Seen batch) {
      return new Seen(
          lossSum + batch.lossSum,
          weightSum + batch.weightSum,
          correct + batch.correct,
          pictures + batch.pictures);
    }

    double loss() {
      return lossSum / weightSum;
    }

    double accuracy() {
      return (double) correct / pictures;
    }
  }

  /** One batch on. */
  Standing afterBatch(Seen batchSeen) {
    return new Standing(epoch, batch + 1, seen.plus(batchSeen), history, stopping, plateau);
  }

  /** At the start of the next epoch. */
  Standing afterEpoch(
      History.Epoch row, EarlyStopping.State newStopping, ReduceOnPlateau.State newPlateau) {
    List<History.Epoch> rows = Stream.concat(history.stream(), Stream.of(row)).toList();
    return new Standing(epoch + 1, 0, Seen.NOTHING, rows, newStopping, newPlateau);
  }

  /** What comes next, for people. */
  String next() {
    return "batch %d of epoch %d".formatted(batch + 1, epoch);
  }

  String toJson() {
    return GSON.toJson(this);
  }

  static Standing fromJson(String json) {
    return GSON.fromJson(json, Standing.class);
  }
}
