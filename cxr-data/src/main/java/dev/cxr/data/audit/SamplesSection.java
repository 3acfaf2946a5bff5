package dev.cxr.data.audit;

import dev.cxr.data.index.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sampled images of one finding. */
record SamplesSection(Finding finding, List<ImageView> images) {

  /** An image and its data URI. */
  record ImageView(AuditedImage image, String uri) {
    /** Without the folders, which repeat split and finding. */
    String fileName() {
      return image.id().substring(image.id().lastIndexOf('/') + 1);
    }
  }

  static List<SamplesSection> of(List<AuditedImage> samples, ImagePreviews images)
      throws IOException {
    Map<Finding, List<ImageView>> byFinding = new TreeMap<>();
    for (AuditedImage image : samples) {
      byFinding
          .computeIfAbsent(image.finding(), finding -> new ArrayList<>())
          .add(new ImageView(image, images.dataUri(image)));
    }
    return byFinding.entrySet().stream()
        .map(entry -> new SamplesSection(entry.getKey(), entry.getValue()))
        .toList();
  }
}
