package dev.cxr.data.audit;

import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.util.Arrays;
import java.util.List;

/**
 * How much there is in one split, readable or not.
 *
 * @param split train, validation (as the rule draws it) or test
 * @param images how many
 * @param patients of how many patient groups
 * @param findings the same by finding, for every finding of the collection
 */
public record SplitCount(Split split, long images, long patients, List<FindingCount> findings) {

  /** The pictures of one finding; a patient can have several findings. */
  public record FindingCount(Finding finding, long images, long patients) {}

  /** For every split, empty ones too. */
  static List<SplitCount> of(DatasetIndex catalogue) {
    List<Finding> findings =
        catalogue.xrays().stream().map(Xray::finding).distinct().sorted().toList();
    return Arrays.stream(Split.values()).map(s -> of(s, catalogue.inSplit(s), findings)).toList();
  }

  private static SplitCount of(Split split, List<Xray> xrays, List<Finding> findings) {
    return new SplitCount(
        split,
        xrays.size(),
        patients(xrays),
        findings.stream()
            .map(
                finding -> {
                  List<Xray> here = xrays.stream().filter(x -> x.finding() == finding).toList();
                  return new FindingCount(finding, here.size(), patients(here));
                })
            .toList());
  }

  private static long patients(List<Xray> xrays) {
    return xrays.stream().map(Xray::patient).distinct().count();
  }
}
