package dev.cxr.data.audit;

import dev.cxr.data.audit.Concern.Severity;

/** How page and terminal say the same things. */
final class Words {

  private Words() {}

  /** The verdict as a sentence. */
  static String of(AuditReport report) {
    int errors = report.concerns(Severity.ERROR).size();
    return switch (report.verdict()) {
      case FIT ->
          "Nothing was found that would make results dishonest; %s."
              .formatted(counted(report.concerns(Severity.WARNING).size(), "warning"));
      case ALLOWED ->
          "Allowed as it is, though %s would make results dishonest."
              .formatted(counted(errors, "error"));
      case UNFIT ->
          "Not fit for training: %s would make results dishonest."
              .formatted(counted(errors, "error"));
    };
  }

  /** The word before a concern. */
  static String of(Severity severity, Verdict verdict) {
    return switch (severity) {
      case ERROR -> verdict == Verdict.ALLOWED ? "Allowed" : "Error";
      case WARNING -> "Warning";
      case NOTICE -> "Note";
    };
  }

  static String of(Spread spread) {
    return switch (spread) {
      case INTO_TEST -> "in test and in training";
      case TRAIN_AND_VALIDATION -> "in train and validation";
      case ONE_SPLIT -> "in one split";
    };
  }

  /** A number and its noun. */
  static String counted(long count, String noun) {
    return counted(count, noun, noun + "s");
  }

  static String counted(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
