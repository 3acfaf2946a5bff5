package dev.cxr.data.audit;

import dev.cxr.data.audit.SamplesSection.ImageView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The near duplicates, the most severe of them as pairs of images. */
record NearDuplicatesSection(NearDuplicates nearDuplicates, List<PairView> shown, long more) {

  private static final int MAX_SHOWN = 12;

  /** Two images side by side. */
  record PairView(List<ImageView> images, String correlation, String splitOverlap, String note) {}

  static NearDuplicatesSection of(NearDuplicates near, ImagePreviews images) throws IOException {
    List<PairView> shown = new ArrayList<>();
    for (NearDuplicates.Pair pair :
        near.pairs().subList(0, Math.min(MAX_SHOWN, near.pairs().size()))) {
      shown.add(
          new PairView(
              List.of(
                  new ImageView(pair.first(), images.dataUri(pair.first())),
                  new ImageView(pair.second(), images.dataUri(pair.second()))),
              String.format(Locale.ROOT, "%.4f", pair.correlation()),
              AuditMessages.of(pair.splitOverlap()),
              note(pair)));
    }
    long total = near.trainingAndTest() + near.trainAndValidation() + near.sameSplit();
    return new NearDuplicatesSection(near, shown, total - shown.size());
  }

  private static String note(NearDuplicates.Pair pair) {
    String patients = pair.isSamePatient() ? "one patient key" : "two patient keys";
    return pair.labelAgreement() == LabelAgreement.CONFLICT
        ? patients + ", different findings"
        : patients;
  }

  boolean isEmpty() {
    return shown.isEmpty();
  }

  boolean hasMore() {
    return more > 0;
  }

  int listed() {
    return nearDuplicates.pairs().size();
  }
}
