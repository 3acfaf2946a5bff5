package dev.cxr.eval.evaluation;

import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Xray;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the pictures are, as far as the collection itself tells.
 *
 * @param recognisedBy how it was told which collection this is
 * @param source who published it
 * @param licence under which terms
 * @param centres where the pictures were taken
 * @param patients whose they are
 * @param labels how the findings came about
 * @param splitRule how validation was chosen, in words
 */
public record DataSheet(
    String recognisedBy,
    String source,
    String licence,
    String centres,
    String patients,
    String labels,
    String splitRule) {

  private static final Pattern KERMANY_FILE_NAME =
      Pattern.compile(
          ".*/(person\\d+_(bacteria|virus)_\\d+|(NORMAL2-)?IM-\\d{4}-\\d{4}(-\\d{4})?"
              + "|(BACTERIA|VIRUS|NORMAL)-\\d+-\\d{4})\\.[a-z]+",
          Pattern.CASE_INSENSITIVE);

  /** Of every ten file names so many must follow the scheme. */
  private static final double MIN_MATCHING_SHARE = 0.9;

  static DataSheet of(DatasetIndex catalogue) {
    if (catalogue.synthetic()) {
      return new DataSheet(
          "it is drawn by this software",
          "none: the built-in synthetic sample",
          "that of this software",
          "none",
          "none: no picture shows a person",
          "each picture was drawn to show its finding",
          catalogue.splitRule());
    }
    return isKermany(catalogue.xrays()) ? kermany(catalogue) : unknown(catalogue);
  }

  private static boolean isKermany(List<Xray> xrays) {
    long matching =
        xrays.stream().filter(x -> KERMANY_FILE_NAME.matcher("/" + x.id()).matches()).count();
    return matching > 0 && matching >= MIN_MATCHING_SHARE * xrays.size();
  }

  private static DataSheet kermany(DatasetIndex catalogue) {
    return new DataSheet(
        "its file names, which are those of that collection",
        "D. Kermany, K. Zhang, M. Goldbaum, Mendeley Data rscbjbr9sj; Cell 172:1122, 2018",
        "CC BY 4.0",
        "one: Guangzhou Women and Children’s Medical Center",
        "children of one to five years, X-rayed in routine care, from front to back",
        "graded by two physicians, the evaluation set checked by a third; pictures of poor quality"
            + " had been removed. The cause of a pneumonia stands in the file name",
        catalogue.splitRule());
  }

  private static DataSheet unknown(DatasetIndex catalogue) {
    String unknown = "not told by the collection";
    return new DataSheet(
        "not recognised: ask whoever gave you the pictures",
        unknown,
        unknown,
        unknown,
        unknown,
        unknown,
        catalogue.splitRule());
  }
}
