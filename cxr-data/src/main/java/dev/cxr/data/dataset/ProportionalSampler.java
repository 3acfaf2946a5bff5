package dev.cxr.data.dataset;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.Sampling.FindingShares;
import dev.cxr.data.index.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** Orders images so that findings have their shares throughout. */
final class ProportionalSampler {

  private final Map<Finding, Double> shares;
  private final Map<Finding, ShuffledCycle> cycles = new TreeMap<>();

  /** How many images each finding lacks to its share. */
  private final Map<Finding, Double> deficits = new TreeMap<>();

  /**
   * Starts before the first image.
   *
   * @throws UserErrorException if a finding has a share but no images, or images but no share
   */
  ProportionalSampler(FindingShares sampling, List<Finding> findings, Random random) {
    shares = sampling.shares();
    Map<Finding, List<Integer>> images = new TreeMap<>();
    shares.keySet().forEach(finding -> images.put(finding, new ArrayList<>()));
    for (int index = 0; index < findings.size(); index++) {
      List<Integer> own = images.get(sampling.shareKey(findings.get(index)));
      if (own == null) {
        throw missingShare(findings, findings.get(index));
      }
      own.add(index);
    }
    images.forEach(
        (finding, own) -> {
          if (own.isEmpty()) {
            throw UserErrorException.of(
                "images of every finding with a share in the sampling",
                "none of " + recipeName(finding),
                "Remove its share, or add images.");
          }
          cycles.put(finding, new ShuffledCycle(own, random));
        });
  }

  private static UserErrorException missingShare(List<Finding> findings, Finding finding) {
    int count = Collections.frequency(findings, finding);
    return UserErrorException.of(
        "a share in the sampling for every finding with images",
        "%d %s of %s without a share"
            .formatted(count, count == 1 ? "image" : "images", recipeName(finding)),
        finding.isPneumonia()
            ? "Add a share for it, or for 'pneumonia', which includes every pneumonia without one."
            : "Add a share for it.");
  }

  /** The name in recipes. */
  private static String recipeName(Finding finding) {
    return finding.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The index of the next image, of the finding with the largest deficit. */
  int next() {
    shares.forEach((finding, share) -> deficits.merge(finding, share, Double::sum));
    Finding mostUnderrepresented =
        Collections.max(deficits.entrySet(), Map.Entry.comparingByValue()).getKey();
    deficits.merge(mostUnderrepresented, -1.0, Double::sum);
    return Objects.requireNonNull(cycles.get(mostUnderrepresented)).next();
  }
}
