package dev.cxr.data.dataset;

import dev.cxr.data.index.Finding;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Which training images an epoch holds, and how often: what to do about rare findings. */
public sealed interface Sampling {

  /** Every image of the training split has its place in every epoch. */
  enum EveryImage implements Sampling {
    /** Each once. */
    NATURAL,
    /**
     * As many of each class as of the largest: the images of a smaller one come again and again.
     * Where they do not divide, those that come once more are other ones in each epoch.
     */
    OVERSAMPLED
  }

  /**
   * As many images as the training split has, mixed so that every batch holds each finding at a
   * given share, to within two images. A finding's images are dealt in random order, all of them
   * before any comes again.
   *
   * @param shares above 0, 1 in all. {@link Finding#PNEUMONIA} stands for every pneumonia that has
   *     no share of its own
   */
  record FindingShares(Map<Finding, Double> shares) implements Sampling {

    private static final double ROUNDING = 1e-9;

    /**
     * Checks the shares.
     *
     * @throws IllegalArgumentException if one is not above 0, or their sum is not 1
     */
    public FindingShares {
      double sum = 0;
      for (double share : shares.values()) {
        if (!(share > 0)) { // NaN is refused too
          throw new IllegalArgumentException("shares: above 0, not " + share);
        }
        sum += share;
      }
      if (!(Math.abs(sum - 1) < ROUNDING)) {
        throw new IllegalArgumentException("shares: 1 in all, not " + sum);
      }
      Map<Finding, Double> sorted = new EnumMap<>(Finding.class);
      sorted.putAll(shares);
      shares = Collections.unmodifiableMap(sorted);
    }

    /** The finding whose share images of this one count towards. */
    Finding shareKey(Finding finding) {
      return finding.isPneumonia() && !shares.containsKey(finding) ? Finding.PNEUMONIA : finding;
    }
  }
}
