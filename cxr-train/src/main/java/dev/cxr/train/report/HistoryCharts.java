package dev.cxr.train.report;

import dev.cxr.common.html.Chart;
import dev.cxr.eval.report.TrainingCharts;
import dev.cxr.train.loop.EpochMetrics;
import java.util.List;
import java.util.OptionalInt;

/** The charts of a training. */
final class HistoryCharts {

  private HistoryCharts() {}

  /**
   * The charts that have a line.
   *
   * @param keptEpoch number of the epoch whose weights were kept
   */
  static List<Chart> of(List<EpochMetrics> epochs, int keptEpoch) {
    return TrainingCharts.of(
        epochs.stream().map(e -> new TrainingCharts.Epoch(e.epoch(), e.byColumn())).toList(),
        OptionalInt.of(keptEpoch));
  }
}
