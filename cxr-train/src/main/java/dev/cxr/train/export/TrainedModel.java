package dev.cxr.train.export;

import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.train.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * What has been learned and is to become a bundle.
 *
 * @param spec what of
 * @param block the block, with all its parameters
 * @param epoch whose weights these are; 0 if nothing was learned by steps
 * @param history one row an epoch, as CSV
 */
public record TrainedModel(ModelSpec spec, PredictionBlock block, int epoch, String history) {

  /**
   * The histories of bundles that become one, each one's rows under a column that names it.
   *
   * @param column what the names are, such as {@code step}
   * @param names one for each bundle
   */
  public static String history(String column, List<String> names, List<Bundle> bundles)
      throws IOException {
    StringBuilder history = new StringBuilder();
    for (int i = 0; i < bundles.size(); i++) {
      List<String> lines = Files.readAllLines(bundles.get(i).folder().resolve(RunFolder.HISTORY));
      if (i == 0) {
        history.append(column).append(',').append(lines.get(0)).append('\n');
      }
      for (String row : lines.subList(1, lines.size())) {
        history.append(names.get(i)).append(',').append(row).append('\n');
      }
    }
    return history.toString();
  }
}
