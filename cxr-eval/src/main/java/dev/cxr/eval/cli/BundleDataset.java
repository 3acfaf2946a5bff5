package dev.cxr.eval.cli;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;

/** The collection that a bundle is to be asked about. */
final class BundleDataset {

  private BundleDataset() {}

  /**
   * Opens it with the bundle's own validation rule. What a bundle of the built-in sample is asked
   * about goes without saying.
   *
   * @throws UserErrorException if none was named and the bundle is of another collection
   */
  static DatasetIndex open(DataOptions data, Bundle bundle) throws IOException {
    if (!data.isGiven() && !bundle.manifest().data().synthetic()) {
      throw UserErrorException.ofUsage(
          "--data with the collection to ask the bundle about",
          "none",
          "Give the folder that holds train and test.");
    }
    return data.open(bundle.manifest().data().validationRule());
  }
}
