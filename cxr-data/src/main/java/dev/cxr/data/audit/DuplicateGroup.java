package dev.cxr.data.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images with identical size and pixels.
 *
 * @param images two or more, in the order of the dataset
 * @param splitOverlap the splits they belong to
 * @param labelAgreement whether their labels agree
 */
public record DuplicateGroup(
    List<AuditedImage> images, SplitOverlap splitOverlap, LabelAgreement labelAgreement) {

  /** {@return the number of redundant images} */
  public int surplus() {
    return images.size() - 1;
  }

  boolean isConflict() {
    return labelAgreement == LabelAgreement.CONFLICT;
  }

  static List<DuplicateGroup> findIn(List<ImageProperties> images) {
    Map<String, List<ImageProperties>> byPixels =
        images.stream()
            .collect(groupingBy(ImageProperties::pixelHash, LinkedHashMap::new, toList()));
    return byPixels.values().stream()
        .filter(group -> group.size() > 1)
        .map(group -> of(group.stream().map(f -> AuditedImage.of(f.xray())).toList()))
        .toList();
  }

  private static DuplicateGroup of(List<AuditedImage> images) {
    return new DuplicateGroup(
        images,
        SplitOverlap.of(images.stream().map(AuditedImage::split).collect(toSet())),
        LabelAgreement.of(images.stream().map(AuditedImage::finding).collect(toSet())));
  }
}
