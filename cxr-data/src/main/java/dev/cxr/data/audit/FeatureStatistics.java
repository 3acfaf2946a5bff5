package dev.cxr.data.audit;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * How a feature is spread over the readable pictures of one finding in one split.
 *
 * @param feature which
 * @param split train, validation or test
 * @param finding what the pictures show
 * @param distribution how it is spread
 */
public record FeatureStatistics(
    ImageFeature feature, Split split, Finding finding, Distribution distribution) {

  /** By feature, finding and split; left out where no picture has the feature. */
  static List<FeatureStatistics> of(List<ImageProperties> images) {
    List<FeatureStatistics> statistics = new ArrayList<>();
    for (ImageFeature feature : ImageFeature.values()) {
      for (Finding finding : Finding.values()) {
        for (Split split : Split.values()) {
          double[] values =
              feature.extract(
                  images.stream()
                      .filter(f -> f.xray().split() == split && f.xray().finding() == finding)
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
