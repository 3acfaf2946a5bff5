package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;

/**
 * A problem of a dataset.
 *
 * @param severity the severity of its kind
 * @param kind the kind of problem
 * @param text the problem and its consequence, as sentences
 */
public record AuditIssue(Severity severity, IssueKind kind, String text) {

  static AuditIssue of(IssueKind kind, String text) {
    return new AuditIssue(kind.severity, kind, text);
  }

  /** How severe a problem is. */
  public enum Severity {
    /** Results on the dataset would be invalid. */
    @SerializedName("error")
    ERROR,
    /** Results may be misleading. */
    @SerializedName("warning")
    WARNING,
    /** For information. */
    @SerializedName("notice")
    NOTICE
  }

  /** The kinds of problems, by severity. */
  public enum IssueKind {
    /** Files that cannot be decoded. */
    @SerializedName("unreadable")
    UNREADABLE(Severity.ERROR),
    /** One patient in several splits. */
    @SerializedName(
        value = "patient-in-several-splits",
        alternate = {"patient-in-two-splits"})
    PATIENT_IN_SEVERAL_SPLITS(Severity.ERROR),
    /** Identical images in training and test. */
    @SerializedName(
        value = "train-test-duplicate",
        alternate = {"duplicate-into-test"})
    TRAIN_TEST_DUPLICATE(Severity.ERROR),
    /** Identical images with different labels. */
    @SerializedName("label-conflict")
    LABEL_CONFLICT(Severity.ERROR),
    /** Near duplicates in training and test. */
    @SerializedName(
        value = "train-test-near-duplicate",
        alternate = {"near-duplicate-into-test"})
    TRAIN_TEST_NEAR_DUPLICATE(Severity.WARNING),
    /** Near duplicates in train and validation. */
    @SerializedName(
        value = "train-validation-near-duplicate",
        alternate = {"near-duplicate-into-validation"})
    TRAIN_VALIDATION_NEAR_DUPLICATE(Severity.WARNING),
    /** Near duplicates with different labels. */
    @SerializedName(
        value = "near-duplicate-label-conflict",
        alternate = {"near-duplicate-conflict"})
    NEAR_DUPLICATE_LABEL_CONFLICT(Severity.WARNING),
    /** Identical images within test. */
    @SerializedName("duplicate-in-test")
    DUPLICATE_IN_TEST(Severity.WARNING),
    /** A patient number that two patients seem to share. */
    @SerializedName(
        value = "patient-number-reused",
        alternate = {"patient-number-recurs"})
    PATIENT_NUMBER_REUSED(Severity.WARNING),
    /** A feature that separates the classes without showing the lungs. */
    @SerializedName("shortcut")
    SHORTCUT(Severity.WARNING),
    /** A split without normal images or without pneumonia. */
    @SerializedName("class-missing")
    CLASS_MISSING(Severity.WARNING),
    /** Identical images within train and validation, of which training keeps one. */
    @SerializedName("duplicate-in-training")
    DUPLICATE_IN_TRAINING(Severity.NOTICE),
    /** Near duplicates within one split. */
    @SerializedName("near-duplicate-in-split")
    NEAR_DUPLICATE_IN_SPLIT(Severity.NOTICE),
    /** Identical images of pneumonia, some of them without a stated cause. */
    @SerializedName(
        value = "cause-unspecified",
        alternate = {"cause-not-told"})
    CAUSE_UNSPECIFIED(Severity.NOTICE),
    /** A notice of the reader of the dataset. */
    @SerializedName(
        value = "dataset-notice",
        alternate = {"catalogue"})
    DATASET_NOTICE(Severity.NOTICE);

    private final Severity severity;

    IssueKind(Severity severity) {
      this.severity = severity;
    }
  }
}
