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

/** Deals pictures so that the findings keep their shares all along. */
final class StratifiedOrder {

  private final Map<Finding, Double> shares;
  private final Map<Finding, ShuffledCycle> cycles = new EnumMap<>(Finding.class);

  /** How many pictures each finding is behind its share. */
  private final Map<Finding, Double> deficits = new EnumMap<>(Finding.class);

  /**
   * Before the first picture.
   *
   * @throws UserErrorException if a share is of findings there are no pictures of, or there are
   *     pictures without a share
   */
  StratifiedOrder(FindingShares sampling, List<Finding> findings, Random random) {
    shares = sampling.shares();
    Map<Finding, List<Integer>> pictures = new EnumMap<>(Finding.class);
    shares.keySet().forEach(finding -> pictures.put(finding, new ArrayList<>()));
    for (int picture = 0; picture < findings.size(); picture++) {
      List<Integer> own = pictures.get(sampling.shareKey(findings.get(picture)));
      if (own == null) {
        throw missingShare(findings, findings.get(picture));
      }
      own.add(picture);
    }
    pictures.forEach(
        (finding, own) -> {
          if (own.isEmpty()) {
            throw UserErrorException.of(
                "pictures of every finding that has a share in the sampling",
                "none of " + recipeName(finding),
                "Take its share away, or add pictures.");
          }
          cycles.put(finding, new ShuffledCycle(own, random));
        });
  }

  private static UserErrorException missingShare(List<Finding> findings, Finding finding) {
    int count = Collections.frequency(findings, finding);
    return UserErrorException.of(
        "a share in the sampling for every finding there are pictures of",
        "%d %s of %s without one"
            .formatted(count, count == 1 ? "picture" : "pictures", recipeName(finding)),
        finding.isPneumonia()
            ? "Give it one, or one to 'pneumonia', which stands for each that has none of its own."
            : "Give it one.");
  }

  /** As recipes write it. */
  private static String recipeName(Finding finding) {
    return finding.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The next picture: one of the finding that is furthest behind its share. */
  int next() {
    shares.forEach((finding, share) -> deficits.merge(finding, share, Double::sum));
    Finding mostUnderrepresented =
        Collections.max(deficits.entrySet(), Map.Entry.comparingByValue()).getKey();
    deficits.merge(mostUnderrepresented, -1.0, Double::sum);
    return Objects.requireNonNull(cycles.get(mostUnderrepresented)).next();
  }
}
