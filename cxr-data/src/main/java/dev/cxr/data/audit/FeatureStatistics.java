package dev.cxr.data.audit;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * The distribution of a feature over the readable images of one finding in one split.
 *
 * @param feature the feature
 * @param split the split
 * @param finding the finding
 * @param distribution the distribution
 */
public record FeatureStatistics(
    ImageFeature feature, Split split, Finding finding, Distribution distribution) {

  /** By feature, finding and split; omitted if no image has the feature. */
  static List<FeatureStatistics> of(List<ImageProperties> images) {
    List<Finding> findings =
        images.stream().map(f -> f.xray().finding()).distinct().sorted().toList();
    List<FeatureStatistics> statistics = new ArrayList<>();
    for (ImageFeature feature : ImageFeature.values()) {
      for (Finding finding : findings) {
        for (Split split : Split.values()) {
          double[] values =
              feature.extract(
                  images.stream()
                      .filter(f -> f.xray().split() == split && f.xray().finding().equals(finding))
                      .toList());
          if (values.length > 0) {
            statistics.add(new FeatureStatistics(feature, split, finding, Distribution.of(values)));
          }
        }
      }
    }
    return statistics;
  }
}
