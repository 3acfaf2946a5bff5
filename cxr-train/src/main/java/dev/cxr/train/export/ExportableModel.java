package dev.cxr.train.export;

import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.train.loop.EpochMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * A trained model that becomes a bundle.
 *
 * @param spec how the block is composed
 * @param block with all its parameters
 * @param epoch whose weights these are; 0 if the recipe trains no epochs
 * @param history one row per epoch, as CSV
 * @param epochs the epochs of that history; empty for a combination of bundles
 */
public record ExportableModel(
    ModelSpec spec, PredictionBlock block, int epoch, String history, List<EpochMetrics> epochs) {

  /**
   * A combination of bundles, with the epoch of the first.
   *
   * @param spec how the block is composed
   * @param block with all its parameters
   * @param column name of a new first column of the history, such as {@code step}
   * @param names one per bundle, in that column
   * @param bundles to combine
   * @return the model with the histories of all bundles, in the columns of the first
   * @throws IOException if a file cannot be read or written
   */
  public static ExportableModel combine(
      ModelSpec spec,
      PredictionBlock block,
      String column,
      List<String> names,
      List<Bundle> bundles)
      throws IOException {
    StringBuilder history = new StringBuilder();
    for (int i = 0; i < bundles.size(); i++) {
      List<String> lines = Files.readAllLines(bundles.get(i).folder().resolve("history.csv"));
      if (i == 0) {
        history.append(column).append(',').append(lines.get(0)).append('\n');
      }
      for (String row : lines.subList(1, lines.size())) {
        history.append(names.get(i)).append(',').append(row).append('\n');
      }
    }
    int epoch = bundles.get(0).manifest().epoch();
    return new ExportableModel(spec, block, epoch, history.toString(), List.of());
  }
}
