package dev.cxr.data.audit;

import dev.cxr.data.audit.AuditIssue.Severity;

/** The texts that page and terminal share. */
final class AuditMessages {

  private AuditMessages() {}

  static String of(AuditReport report) {
    int errors = report.issues(Severity.ERROR).size();
    return switch (report.verdict()) {
      case FIT ->
          "No data leakage found; %s."
              .formatted(counted(report.issues(Severity.WARNING).size(), "warning"));
      case ALLOWED ->
          "Allowed by --allow-errors, although %s would make results invalid."
              .formatted(counted(errors, "error"));
      case UNFIT ->
          "Not fit for training: %s would make results invalid."
              .formatted(counted(errors, "error"));
    };
  }

  static String of(Severity severity, AuditVerdict verdict) {
    return switch (severity) {
      case ERROR -> verdict == AuditVerdict.ALLOWED ? "Allowed" : "Error";
      case WARNING -> "Warning";
      case NOTICE -> "Note";
    };
  }

  static String of(SplitOverlap overlap) {
    return switch (overlap) {
      case TRAINING_AND_TEST -> "in test and in training";
      case TRAIN_AND_VALIDATION -> "in train and validation";
      case SAME_SPLIT -> "in one split";
    };
  }

  static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
