package dev.cxr.eval;

import dev.cxr.data.audit.Audit;
import dev.cxr.data.audit.AuditReport;
import dev.cxr.data.audit.Concern;
import dev.cxr.data.audit.Verdict;
import dev.cxr.data.catalogue.Catalogue;
import java.util.List;

/**
 * Whether the model could have met the judged pictures or patients while it learned.
 *
 * @param verdict of the audit of the whole collection
 * @param concerns what it found, the gravest first
 */
record Leakage(Verdict verdict, List<Concern> concerns) {

  /** Reads every picture of the collection once. */
  static Leakage in(Catalogue catalogue) {
    AuditReport report = Audit.of(catalogue);
    return new Leakage(report.verdict(), report.concerns());
  }
}
