package dev.cxr.data.audit;

import dev.cxr.common.html.HtmlPage;
import dev.cxr.data.audit.AuditIssue.Severity;
import dev.cxr.data.audit.SplitCount.FindingCount;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.LeftOut;
import dev.cxr.data.index.Split;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Renders the report as an HTML page. */
final class AuditPage {

  private static final int MAX_LISTED = 20;

  private AuditPage() {}

  private record View(
      AuditReport report,
      String verdict,
      String verdictText,
      List<IssueRow> issues,
      List<Finding> findings,
      List<Series> legend,
      List<SplitBar> bars,
      long largestSplit,
      TruncatedList<UnreadableImage> unreadable,
      TruncatedList<LeftOut> leftOut,
      TruncatedList<DuplicateGroup> exactDuplicates,
      NearDuplicatesSection nearDuplicates,
      TruncatedList<SharedPatient> leaks,
      TruncatedList<SharedPatient> recurring,
      StatisticsSection statistics,
      List<ShortcutsSection> shortcuts,
      List<SamplesSection> samples) {}

  /** The images of one finding in a bar, or its entry in the legend. */
  record Series(String name, int colour, long images) {}

  /** The bar of a split. */
  record SplitBar(Split split, long images, List<Series> series) {

    private static final int COLOURS = 4;

    static SplitBar of(SplitCount count) {
      List<FindingCount> findings = count.findings();
      return new SplitBar(
          count.split(),
          count.images(),
          IntStream.range(0, findings.size())
              .mapToObj(
                  i ->
                      new Series(
                          findings.get(i).finding().name(), i % COLOURS, findings.get(i).images()))
              .toList());
    }
  }

  record IssueRow(String level, String label, String text) {
    static IssueRow of(AuditIssue issue, AuditVerdict verdict) {
      Severity severity = issue.severity();
      return new IssueRow(
          severity.name().toLowerCase(Locale.ROOT),
          AuditMessages.of(severity, verdict),
          issue.text());
    }
  }

  /** The first entries of a list and the number of the others. */
  record TruncatedList<T>(int size, List<T> first, int more) {
    static <T> TruncatedList<T> of(List<T> all) {
      List<T> first = all.subList(0, Math.min(MAX_LISTED, all.size()));
      return new TruncatedList<>(all.size(), first, all.size() - first.size());
    }

    boolean isEmpty() {
      return size == 0;
    }

    boolean hasMore() {
      return more > 0;
    }
  }

  static String render(AuditReport report, DatasetIndex dataset) throws IOException {
    ImagePreviews images = new ImagePreviews(dataset);
    return HtmlPage.render(
        AuditPage.class,
        "audit",
        new View(
            report,
            report.verdict().name().toLowerCase(Locale.ROOT),
            AuditMessages.of(report),
            report.issues().stream().map(c -> IssueRow.of(c, report.verdict())).toList(),
            report.counts().get(0).findings().stream().map(FindingCount::finding).toList(),
            SplitBar.of(report.counts().get(0)).series(),
            report.counts().stream().map(SplitBar::of).toList(),
            report.counts().stream().mapToLong(SplitCount::images).max().orElse(0),
            TruncatedList.of(report.unreadable()),
            TruncatedList.of(report.leftOut()),
            TruncatedList.of(report.duplicates()),
            NearDuplicatesSection.of(report.nearDuplicates(), images),
            TruncatedList.of(patients(report, true)),
            TruncatedList.of(patients(report, false)),
            StatisticsSection.of(report.statistics()),
            ShortcutsSection.of(report.shortcuts()),
            SamplesSection.of(report.samples(), images)));
  }

  private static List<SharedPatient> patients(AuditReport report, boolean samePerson) {
    return report.sharedPatients().stream().filter(s -> s.samePerson() == samePerson).toList();
  }
}
