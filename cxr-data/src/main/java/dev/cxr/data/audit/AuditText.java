package dev.cxr.data.audit;

/** Formats an audit for the terminal. */
public final class AuditText {

  private AuditText() {}

  /**
   * {@return counts, issues and verdict, over several lines}
   *
   * @param report the report
   */
  public static String format(AuditReport report) {
    var text = new StringBuilder();
    text.append("Audit of %s: ".formatted(report.dataset().name()));
    text.append("%d images%n%n".formatted(report.dataset().images()));
    text.append(counts(report));
    for (AuditIssue issue : report.issues()) {
      text.append(
          "%n%-8s %s"
              .formatted(AuditMessages.of(issue.severity(), report.verdict()), issue.text()));
    }
    text.append("%n%n%s%n".formatted(AuditMessages.of(report)));
    return text.toString();
  }

  /** A row for each finding, a column for each split. */
  private static String counts(AuditReport report) {
    var text = new StringBuilder("  %-20s".formatted("images (patients)"));
    report.counts().forEach(count -> text.append("%15s".formatted(count.split())));
    text.append("%n".formatted());
    int findings = report.counts().get(0).findings().size();
    for (int i = 0; i < findings; i++) {
      text.append("  %-20s".formatted(report.counts().get(0).findings().get(i).finding()));
      for (SplitCount split : report.counts()) {
        SplitCount.FindingCount count = split.findings().get(i);
        text.append("%15s".formatted(count.images() + " (" + count.patients() + ")"));
      }
      text.append("%n".formatted());
    }
    return text.toString();
  }
}
