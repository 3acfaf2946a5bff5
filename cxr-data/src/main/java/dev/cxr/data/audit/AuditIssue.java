package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;

/**
 * A problem of a dataset.
 *
 * @param severity the severity of its kind
 * @param kind the kind of problem
 * @param text the problem and its consequence, as sentences
 */
public record AuditIssue(Severity severity, IssueKind kind, String text) {

  /** How severe a problem is. */
  @JsonAdapter(HyphenatedNames.class)
  public enum Severity {
    /** Results on the dataset would be invalid. */
    ERROR,
    /** Results may be misleading. */
    WARNING,
    /** For information. */
    NOTICE
  }

  /** The kinds of problems, by severity. */
  @JsonAdapter(HyphenatedNames.class)
  public enum IssueKind {
    /** Files that cannot be decoded. */
    UNREADABLE(Severity.ERROR),
    /** One patient in several splits. */
    PATIENT_IN_SEVERAL_SPLITS(Severity.ERROR),
    /** Identical images in training and test. */
    TRAIN_TEST_DUPLICATE(Severity.ERROR),
    /** Identical images with different labels. */
    LABEL_CONFLICT(Severity.ERROR),
    /** Near duplicates in training and test. */
    TRAIN_TEST_NEAR_DUPLICATE(Severity.WARNING),
    /** Near duplicates in train and validation. */
    TRAIN_VALIDATION_NEAR_DUPLICATE(Severity.WARNING),
    /** Near duplicates with different labels. */
    NEAR_DUPLICATE_LABEL_CONFLICT(Severity.WARNING),
    /** Identical images within test. */
    DUPLICATE_IN_TEST(Severity.WARNING),
    /** A patient number that two patients seem to share. */
    PATIENT_NUMBER_REUSED(Severity.WARNING),
    /** A feature that separates the classes without showing the lungs. */
    SHORTCUT(Severity.WARNING),
    /** Images of one gray value. */
    CONSTANT_IMAGE(Severity.WARNING),
    /** Images that are black but for few pixels. */
    NEARLY_BLACK_IMAGE(Severity.WARNING),
    /** Images that use less than a tenth of the gray range. */
    SMALL_GRAY_RANGE(Severity.WARNING),
    /** A split without normal images or without pneumonia. */
    CLASS_MISSING(Severity.WARNING),
    /** Identical images within train and validation, of which training keeps one. */
    DUPLICATE_IN_TRAINING(Severity.NOTICE),
    /** Near duplicates within one split. */
    NEAR_DUPLICATE_IN_SPLIT(Severity.NOTICE),
    /** Identical images of pneumonia, some of them without a stated cause. */
    CAUSE_UNSPECIFIED(Severity.NOTICE),
    /** Files that break a standard but could be read. */
    NONSTANDARD_FILE(Severity.NOTICE),
    /** A notice of the reader of the dataset. */
    DATASET_NOTICE(Severity.NOTICE);

    final Severity severity;

    IssueKind(Severity severity) {
      this.severity = severity;
    }
  }
}
