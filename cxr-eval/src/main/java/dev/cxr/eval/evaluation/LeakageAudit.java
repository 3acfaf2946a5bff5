package dev.cxr.eval.evaluation;

import dev.cxr.data.audit.Audit;
import dev.cxr.data.audit.AuditIssue;
import dev.cxr.data.audit.AuditReport;
import dev.cxr.data.audit.AuditVerdict;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether evaluated images or patients are among the training images.
 *
 * @param verdict of the audit of the whole dataset
 * @param issues what the audit found, the most severe first
 */
public record LeakageAudit(AuditVerdict verdict, List<AuditIssue> issues) {

  /** Reads every image of the dataset once. */
  static LeakageAudit of(DatasetIndex dataset) {
    AuditReport report = Audit.run(dataset);
    return new LeakageAudit(report.verdict(), report.issues());
  }

  /**
   * Audits one dataset made of two: the training and validation images of the one, and as test
   * images the evaluated images of the other. Their patients are different people.
   */
  static LeakageAudit of(DatasetIndex development, DatasetIndex dataset, List<Xray> evaluated) {
    Stream<Xray> training =
        development.xrays().stream()
            .filter(x -> x.split() != Split.TEST)
            .map(x -> prefixed("training/", x, x.split()));
    Stream<Xray> test = evaluated.stream().map(x -> prefixed("evaluated/", x, Split.TEST));
    return of(dataset.withXrays(Stream.concat(training, test).toList(), List.of()));
  }

  private static Xray prefixed(String prefix, Xray x, Split split) {
    return new Xray(prefix + x.id(), x.source(), x.finding(), prefix + x.patient(), split);
  }
}
