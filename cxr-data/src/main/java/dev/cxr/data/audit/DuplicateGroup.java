package dev.cxr.data.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pictures that are equal to the last pixel at their own size.
 *
 * @param images two or more, in the order of the catalogue
 * @param splitOverlap where they stand
 * @param labelAgreement whether they are said to show the same
 */
public record DuplicateGroup(
    List<AuditedImage> images, SplitOverlap splitOverlap, LabelAgreement labelAgreement) {

  /** How many could go without a loss. */
  public int surplus() {
    return images.size() - 1;
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
