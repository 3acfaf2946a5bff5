package dev.cxr.data.audit;

import dev.cxr.data.audit.Concern.Severity;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.PixelSource.ImageFile;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.files.Sha256;
import dev.cxr.data.image.ImageRefusedException;
import dev.cxr.data.shell.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks a collection over before a model learns from it. */
public final class Audit {

  private static final int SAMPLES = 6;

  private final Catalogue catalogue;
  private final List<PictureFacts> facts = new ArrayList<>();
  private final List<Unreadable> unreadable = new ArrayList<>();

  private Audit(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * Reads every picture once and reports what it found; equal collections give equal reports.
   *
   * <p>Memory holds the pixels of one picture per core, and about 2 KB for each picture read.
   */
  public static AuditReport of(Catalogue catalogue) {
    Audit audit = new Audit(catalogue);
    audit.read();
    return audit.report();
  }

  private void read() {
    List<Xray> xrays = catalogue.xrays();
    @Nullable PictureFacts[] read = new PictureFacts[xrays.size()];
    @Nullable String[] reasons = new String[xrays.size()];
    try (Progress progress = Progress.start("Reading", " pictures", xrays.size())) {
      IntStream.range(0, xrays.size())
          .parallel()
          .forEach(
              i -> {
                try {
                  read[i] = PictureFacts.of(xrays.get(i));
                } catch (IOException e) {
                  reasons[i] = reason(xrays.get(i), e);
                }
                synchronized (progress) {
                  progress.step(1, "");
                }
              });
    }
    for (int i = 0; i < read.length; i++) {
      PictureFacts picture = read[i];
      String reason = reasons[i];
      if (picture != null) {
        facts.add(picture);
      } else if (reason != null) {
        unreadable.add(new Unreadable(Picture.of(xrays.get(i)), reason));
      }
    }
  }

  /** Without the folder: a report is the same wherever the collection lies. */
  private static String reason(Xray xray, IOException failure) {
    String reason =
        failure instanceof ImageRefusedException
            ? String.valueOf(failure.getMessage())
            : failure.toString();
    return xray.source() instanceof ImageFile file
        ? reason.replace(file.path() + ": ", "").replace(file.path().toString(), xray.id())
        : reason;
  }

  private AuditReport report() {
    List<Count> counts = Count.of(catalogue);
    List<DuplicateGroup> duplicates = DuplicateGroup.among(facts);
    NearDuplicates near = NearDuplicates.among(facts);
    List<SharedPatient> shared = SharedPatient.in(catalogue);
    List<Shortcut> shortcuts = Shortcut.of(facts);
    List<Concern> concerns =
        new Concerns()
            .unreadable(unreadable)
            .sharedPatients(shared)
            .duplicates(duplicates)
            .nearDuplicates(near)
            .shortcuts(shortcuts)
            .counts(counts)
            .notices(catalogue.notices())
            .gravestFirst();
    boolean fit = concerns.stream().noneMatch(c -> c.severity() == Severity.ERROR);
    return new AuditReport(
        AuditReport.SCHEMA_VERSION,
        "Research software, not a medical device.",
        fit ? Verdict.FIT : Verdict.UNFIT,
        concerns,
        new AuditReport.Collection(
            catalogue.name(),
            catalogue.synthetic(),
            catalogue.xrays().size(),
            catalogue.splitRule()),
        counts,
        unreadable,
        duplicates,
        near,
        shared,
        Statistic.of(facts),
        shortcuts,
        samples());
  }

  /** By the hash of their names, so that nobody chose them. */
  private List<Picture> samples() {
    return Arrays.stream(Finding.values())
        .flatMap(
            finding ->
                facts.stream()
                    .map(PictureFacts::xray)
                    .filter(x -> x.finding() == finding)
                    .sorted(Comparator.comparing(x -> Sha256.hex("sample " + x.id())))
                    .limit(SAMPLES))
        .map(Picture::of)
        .toList();
  }
}
