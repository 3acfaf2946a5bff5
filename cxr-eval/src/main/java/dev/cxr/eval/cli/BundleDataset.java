package dev.cxr.eval.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;

/** Opens the dataset that a bundle is applied to. */
final class BundleDataset {

  private BundleDataset() {}

  /**
   * Opens it with the bundle's own validation rule; by default the synthetic sample, for a bundle
   * that was trained on it.
   *
   * @throws UserErrorException if none is given for another bundle
   */
  static DatasetIndex open(DataOptions data, Bundle bundle) throws IOException {
    if (!data.isGiven() && !bundle.manifest().data().synthetic()) {
      throw UsageErrorException.of(
          "a dataset with --data", "none", "Give the folder that contains train and test.");
    }
    return data.open(bundle.manifest().data().options());
  }
}
