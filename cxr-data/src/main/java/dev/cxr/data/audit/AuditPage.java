package dev.cxr.data.audit;

import dev.cxr.data.audit.Concern.Severity;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.report.HtmlPage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report as one page of HTML. */
final class AuditPage {

  /** How many entries a list shows; {@code audit.json} holds all. */
  private static final int LISTED = 20;

  private AuditPage() {}

  private record View(
      AuditReport report,
      String verdict,
      String verdictText,
      List<ConcernRow> concerns,
      CountsSection counts,
      Listing<Unreadable> unreadable,
      Listing<GroupRow> duplicates,
      LookAlikesSection lookAlikes,
      Listing<PatientRow> leaks,
      Listing<PatientRow> recurring,
      StatisticsSection statistics,
      List<ShortcutsSection> shortcuts,
      List<SamplesSection> samples) {}

  record ConcernRow(String level, String word, String text) {
    static ConcernRow of(Concern concern, Verdict verdict) {
      Severity severity = concern.severity();
      return new ConcernRow(
          severity.name().toLowerCase(Locale.ROOT), Words.of(severity, verdict), concern.text());
    }
  }

  /** The first entries of a list, and how many more there are. */
  record Listing<T>(int size, List<T> first, int more) {
    static <T> Listing<T> of(List<T> all) {
      List<T> first = all.subList(0, Math.min(LISTED, all.size()));
      return new Listing<>(all.size(), first, all.size() - first.size());
    }

    boolean isEmpty() {
      return size == 0;
    }

    boolean hasMore() {
      return more > 0;
    }
  }

  record GroupRow(List<Picture> pictures, String findings, String splits) {
    static GroupRow of(DuplicateGroup group) {
      String findings =
          group.pictures().stream()
              .map(picture -> picture.finding().name())
              .distinct()
              .collect(Collectors.joining(", "));
      String conflict = group.findings() == Agreement.CONFLICT ? ": a conflict" : "";
      String splits =
          group.pictures().stream()
              .map(picture -> picture.split().toString())
              .distinct()
              .collect(Collectors.joining(", "));
      return new GroupRow(group.pictures(), findings + conflict, splits);
    }
  }

  record PatientRow(String patient, List<SharedPatient.Place> places) {
    static PatientRow of(SharedPatient shared) {
      return new PatientRow(shared.patient(), shared.places());
    }
  }

  static String of(AuditReport report, Catalogue catalogue) throws IOException {
    PictureImages images = new PictureImages(catalogue);
    return HtmlPage.of(
        AuditPage.class,
        "audit",
        new View(
            report,
            report.verdict().name().toLowerCase(Locale.ROOT),
            Words.of(report),
            report.concerns().stream().map(c -> ConcernRow.of(c, report.verdict())).toList(),
            CountsSection.of(report.counts()),
            Listing.of(report.unreadable()),
            Listing.of(report.duplicates().stream().map(GroupRow::of).toList()),
            LookAlikesSection.of(report.nearDuplicates(), images),
            Listing.of(patients(report, true)),
            Listing.of(patients(report, false)),
            StatisticsSection.of(report.statistics()),
            ShortcutsSection.of(report.shortcuts()),
            SamplesSection.of(report.samples(), images)));
  }

  private static List<PatientRow> patients(AuditReport report, boolean samePerson) {
    return report.sharedPatients().stream()
        .filter(s -> s.samePerson() == samePerson)
        .map(PatientRow::of)
        .toList();
  }
}
