package dev.cxr.data.audit;

import dev.cxr.data.audit.AuditIssue.Severity;

/** How page and terminal say the same things. */
final class AuditMessages {

  private AuditMessages() {}

  /** The verdict as a sentence. */
  static String of(AuditReport report) {
    int errors = report.issues(Severity.ERROR).size();
    return switch (report.verdict()) {
      case FIT ->
          "Nothing was found that would make results dishonest; %s."
              .formatted(counted(report.issues(Severity.WARNING).size(), "warning"));
      case ALLOWED ->
          "Allowed as it is, though %s would make results dishonest."
              .formatted(counted(errors, "error"));
      case UNFIT ->
          "Not fit for training: %s would make results dishonest."
              .formatted(counted(errors, "error"));
    };
  }

  /** The word before a concern. */
  static String of(Severity severity, AuditVerdict verdict) {
    return switch (severity) {
      case ERROR -> verdict == AuditVerdict.ALLOWED ? "Allowed" : "Error";
      case WARNING -> "Warning";
      case NOTICE -> "Note";
    };
  }

  static String of(SplitOverlap spread) {
    return switch (spread) {
      case TRAINING_AND_TEST -> "in test and in training";
      case TRAIN_AND_VALIDATION -> "in train and validation";
      case SAME_SPLIT -> "in one split";
    };
  }

  /** A number and its noun. */
  static String counted(long count, String singular) {
    return counted(count, singular, singular + "s");
  }

  static String counted(long count, String singular, String plural) {
    return count + " " + (count == 1 ? singular : plural);
  }
}
