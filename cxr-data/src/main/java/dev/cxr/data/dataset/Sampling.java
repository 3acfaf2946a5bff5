package dev.cxr.data.dataset;

import dev.cxr.data.index.Finding;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Which training images an epoch contains, and how often, to balance rare findings. */
public sealed interface Sampling {

  /** Every image of the training split is in every epoch. */
  enum EveryImage implements Sampling {
    /** Each once. */
    NATURAL,
    /**
     * As many of each class as of the largest, by repeating images of smaller classes. The images
     * that are repeated once more than others differ from epoch to epoch.
     */
    OVERSAMPLED
  }

  /**
   * As many images as the training split has, with the given share of each finding in every batch,
   * to within two images. Each finding uses all its images in random order before it repeats any.
   *
   * @param shares above 0, with the sum 1. {@link Finding#PNEUMONIA} includes every pneumonia
   *     without a share
   */
  record FindingShares(Map<Finding, Double> shares) implements Sampling {

    private static final double ROUNDING = 1e-9;

    /**
     * Checks the shares.
     *
     * @param shares as for the record
     * @throws IllegalArgumentException if one is not above 0, or the sum is not 1
     */
    public FindingShares {
      double sum = 0;
      for (double share : shares.values()) {
        if (!(share > 0)) { // also rejects NaN
          throw new IllegalArgumentException("shares: expected above 0, found " + share);
        }
        sum += share;
      }
      if (!(Math.abs(sum - 1) < ROUNDING)) {
        throw new IllegalArgumentException("shares: expected the sum 1, found " + sum);
      }
      shares = Collections.unmodifiableMap(new TreeMap<>(shares));
    }

    /** The finding whose share includes images of this one. */
    Finding shareKey(Finding finding) {
      return finding.isPneumonia() && !shares.containsKey(finding) ? Finding.PNEUMONIA : finding;
    }
  }
}
