package dev.cxr.data.audit;

import dev.cxr.data.index.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
    List<SamplesSection> sections = new ArrayList<>();
    for (Finding finding : Finding.values()) {
      List<ImageView> shown = new ArrayList<>();
      for (AuditedImage image : samples) {
        if (image.finding() == finding) {
          shown.add(new ImageView(image, images.dataUri(image)));
        }
      }
      if (!shown.isEmpty()) {
        sections.add(new SamplesSection(finding, shown));
      }
    }
    return sections;
  }
}
