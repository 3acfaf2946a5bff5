package dev.cxr.data.audit;

import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.util.Arrays;
import java.util.List;

/**
 * The images and patients of one split, readable or not.
 *
 * @param split the split
 * @param images the number of images
 * @param patients the number of patients
 * @param findings the same by finding, for every finding of the dataset
 */
public record SplitCount(Split split, long images, long patients, List<FindingCount> findings) {

  /**
   * The images of one finding. A patient can have several findings.
   *
   * @param finding the finding
   * @param images the number of images
   * @param patients the number of patients
   */
  public record FindingCount(Finding finding, long images, long patients) {}

  /** Includes empty splits. */
  static List<SplitCount> of(DatasetIndex dataset) {
    List<Finding> findings = findings(dataset);
    return Arrays.stream(Split.values()).map(s -> of(s, dataset.inSplit(s), findings)).toList();
  }

  static List<Finding> findings(DatasetIndex dataset) {
    return dataset.xrays().stream().map(Xray::finding).distinct().sorted().toList();
  }

  private static SplitCount of(Split split, List<Xray> xrays, List<Finding> findings) {
    return new SplitCount(
        split,
        xrays.size(),
        patients(xrays),
        findings.stream()
            .map(
                finding -> {
                  List<Xray> here =
                      xrays.stream().filter(x -> x.finding().equals(finding)).toList();
                  return new FindingCount(finding, here.size(), patients(here));
                })
            .toList());
  }

  private static long patients(List<Xray> xrays) {
    return xrays.stream().map(Xray::patient).distinct().count();
  }
}
