package dev.cxr.data.audit;

import dev.cxr.data.audit.SamplesSection.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The near duplicates, the gravest of them as pairs of images. */
record LookAlikesSection(NearDuplicates figures, List<PairShown> shown, long more) {

  private static final int SHOWN = 12;

  /** Two pictures side by side. */
  record PairShown(List<Shown> both, String correlation, String spread, String remark) {}

  static LookAlikesSection of(NearDuplicates near, PictureImages images) throws IOException {
    List<PairShown> shown = new ArrayList<>();
    for (NearDuplicates.Pair pair : near.pairs().subList(0, Math.min(SHOWN, near.pairs().size()))) {
      shown.add(
          new PairShown(
              List.of(
                  new Shown(pair.first(), images.dataUri(pair.first())),
                  new Shown(pair.second(), images.dataUri(pair.second()))),
              String.format(Locale.ROOT, "%.4f", pair.correlation()),
              Words.of(pair.spread()),
              remark(pair)));
    }
    long total = near.intoTest() + near.trainAndValidation() + near.oneSplit();
    return new LookAlikesSection(near, shown, total - shown.size());
  }

  private static String remark(NearDuplicates.Pair pair) {
    String patients = pair.ofOnePatient() ? "one patient key" : "two patient keys";
    return pair.findings() == Agreement.CONFLICT ? patients + ", different findings" : patients;
  }

  boolean isEmpty() {
    return shown.isEmpty();
  }

  boolean hasMore() {
    return more > 0;
  }

  /** How many pairs the report names. */
  int named() {
    return figures.pairs().size();
  }
}
