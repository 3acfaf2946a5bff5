package dev.cxr.data.dataset;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.Sampling.FindingShares;
import dev.cxr.data.index.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Deals images so that the findings keep their shares all along. */
final class StratifiedOrder {

  private final Map<Finding, Double> shares;
  private final Map<Finding, ShuffledCycle> cycles = new EnumMap<>(Finding.class);

  /** How many images each finding is behind its share. */
  private final Map<Finding, Double> deficits = new EnumMap<>(Finding.class);

  /**
   * Before the first index.
   *
   * @throws UserErrorException if a share is of findings there are no images of, or there are
   *     images without a share
   */
  StratifiedOrder(FindingShares sampling, List<Finding> findings, Random random) {
    shares = sampling.shares();
    Map<Finding, List<Integer>> images = new EnumMap<>(Finding.class);
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
                "images of every finding that has a share in the sampling",
                "none of " + recipeName(finding),
                "Take its share away, or add images.");
          }
          cycles.put(finding, new ShuffledCycle(own, random));
        });
  }

  private static UserErrorException missingShare(List<Finding> findings, Finding finding) {
    int count = Collections.frequency(findings, finding);
    return UserErrorException.of(
        "a share in the sampling for every finding there are images of",
        "%d %s of %s without one"
            .formatted(count, count == 1 ? "image" : "images", recipeName(finding)),
        finding.isPneumonia()
            ? "Give it one, or one to 'pneumonia', which stands for each that has none of its own."
            : "Give it one.");
  }

  /** As recipes write it. */
  private static String recipeName(Finding finding) {
    return finding.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The index of the next image: one of the finding that is furthest behind its share. */
  int next() {
    shares.forEach((finding, share) -> deficits.merge(finding, share, Double::sum));
    Finding mostUnderrepresented =
        Collections.max(deficits.entrySet(), Map.Entry.comparingByValue()).getKey();
    deficits.merge(mostUnderrepresented, -1.0, Double::sum);
    return Objects.requireNonNull(cycles.get(mostUnderrepresented)).next();
  }
}
