package dev.cxr.eval.evaluation;

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
 * @param issues what it found, the gravest first
 */
public record LeakageAudit(AuditVerdict verdict, List<AuditIssue> issues) {

  /** Reads every picture of the collection once. */
  static LeakageAudit of(DatasetIndex catalogue) {
    AuditReport report = Audit.run(catalogue);
    return new LeakageAudit(report.verdict(), report.issues());
  }
}
