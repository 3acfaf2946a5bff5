package dev.cxr.data.audit;

import dev.cxr.data.audit.Concern.Severity;

/** How page and terminal say the same things. */
final class Words {

  private Words() {}

  /** The verdict as a sentence. */
  static String of(AuditReport report) {
    int errors = report.concerns(Severity.ERROR).size();
    return switch (report.verdict()) {
      case FIT -> "Fit for training: nothing was found that would make results dishonest.";
      case ALLOWED ->
          "Allowed as it is, though %s would make results dishonest.".formatted(errors(errors));
      case UNFIT ->
          "Not fit for training: %s would make results dishonest.".formatted(errors(errors));
    };
  }

  static String of(Spread spread) {
    return switch (spread) {
      case INTO_TEST -> "in test and in training";
      case TRAIN_AND_VALIDATION -> "in train and validation";
      case ONE_SPLIT -> "in one split";
    };
  }

  private static String errors(int count) {
    return count == 1 ? "one error" : count + " errors";
  }
}
