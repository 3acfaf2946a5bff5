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
 * @param pictures two or more, in the order of the catalogue
 * @param spread where they stand
 * @param findings whether they are said to show the same
 */
public record DuplicateGroup(List<Picture> pictures, Spread spread, Agreement findings) {

  /** How many could go without a loss. */
  public int surplus() {
    return pictures.size() - 1;
  }

  static List<DuplicateGroup> among(List<PictureFacts> facts) {
    Map<String, List<PictureFacts>> byPixels =
        facts.stream().collect(groupingBy(PictureFacts::pixelHash, LinkedHashMap::new, toList()));
    return byPixels.values().stream()
        .filter(group -> group.size() > 1)
        .map(group -> of(group.stream().map(f -> Picture.of(f.xray())).toList()))
        .toList();
  }

  private static DuplicateGroup of(List<Picture> pictures) {
    return new DuplicateGroup(
        pictures,
        Spread.of(pictures.stream().map(Picture::split).collect(toSet())),
        Agreement.of(pictures.stream().map(Picture::finding).collect(toSet())));
  }
}
