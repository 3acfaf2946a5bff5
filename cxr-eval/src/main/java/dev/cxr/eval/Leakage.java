package dev.cxr.eval;

import dev.cxr.data.audit.Audit;
import dev.cxr.data.audit.AuditIssue;
import dev.cxr.data.audit.AuditReport;
import dev.cxr.data.audit.AuditVerdict;
import dev.cxr.data.index.DatasetIndex;
import java.util.List;

/**
 * Whether the model could have met the judged pictures or patients while it learned.
 *
 * @param verdict of the audit of the whole collection
 * @param concerns what it found, the gravest first
 */
record Leakage(AuditVerdict verdict, List<AuditIssue> concerns) {

  /** Reads every picture of the collection once. */
  static Leakage in(DatasetIndex catalogue) {
    AuditReport report = Audit.run(catalogue);
    return new Leakage(report.verdict(), report.issues());
  }
}
