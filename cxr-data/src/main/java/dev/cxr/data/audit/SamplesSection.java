package dev.cxr.data.audit;

import dev.cxr.data.catalogue.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The sampled pictures of one finding, as the page shows them. */
record SamplesSection(Finding finding, List<Shown> pictures) {

  /** A picture and its image. */
  record Shown(Picture picture, String uri) {
    /** Without the folders: split and finding are said beside it. */
    String fileName() {
      return picture.id().substring(picture.id().lastIndexOf('/') + 1);
    }
  }

  static List<SamplesSection> of(List<Picture> samples, PictureImages images) throws IOException {
    List<SamplesSection> sections = new ArrayList<>();
    for (Finding finding : Finding.values()) {
      List<Shown> shown = new ArrayList<>();
      for (Picture picture : samples) {
        if (picture.finding() == finding) {
          shown.add(new Shown(picture, images.dataUri(picture)));
        }
      }
      if (!shown.isEmpty()) {
        sections.add(new SamplesSection(finding, shown));
      }
    }
    return sections;
  }
}
