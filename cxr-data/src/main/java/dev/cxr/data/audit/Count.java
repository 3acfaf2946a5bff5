package dev.cxr.data.audit;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.Xray;
import java.util.Arrays;
import java.util.List;

/**
 * How much there is in one split, readable or not.
 *
 * @param split train, validation (as the rule draws it) or test
 * @param pictures how many
 * @param patients of how many patient groups
 * @param findings the same by finding, for every finding of the collection
 */
public record Count(Split split, long pictures, long patients, List<OfFinding> findings) {

  /** The pictures of one finding; a patient can have several findings. */
  public record OfFinding(Finding finding, long pictures, long patients) {}

  /** For every split, empty ones too. */
  static List<Count> of(Catalogue catalogue) {
    List<Finding> findings =
        catalogue.xrays().stream().map(Xray::finding).distinct().sorted().toList();
    return Arrays.stream(Split.values()).map(s -> of(s, catalogue.in(s), findings)).toList();
  }

  private static Count of(Split split, List<Xray> xrays, List<Finding> findings) {
    return new Count(
        split,
        xrays.size(),
        patients(xrays),
        findings.stream()
            .map(
                finding -> {
                  List<Xray> here = xrays.stream().filter(x -> x.finding() == finding).toList();
                  return new OfFinding(finding, here.size(), patients(here));
                })
            .toList());
  }

  private static long patients(List<Xray> xrays) {
    return xrays.stream().map(Xray::patient).distinct().count();
  }
}
