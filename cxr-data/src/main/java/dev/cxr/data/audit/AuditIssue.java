package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;

/**
 * Something to know before training.
 *
 * @param severity how grave it is, which follows from its kind
 * @param kind what it is about, for programs
 * @param text what was found and what follows, as sentences for people
 */
public record AuditIssue(Severity severity, IssueKind kind, String text) {

  static AuditIssue of(IssueKind kind, String text) {
    return new AuditIssue(kind.severity, kind, text);
  }

  /** How grave it is. */
  public enum Severity {
    /** Results would not be honest. */
    @SerializedName("error")
    ERROR,
    /** Results may mislead. */
    @SerializedName("warning")
    WARNING,
    /** Good to know. */
    @SerializedName("notice")
    NOTICE
  }

  /** What concerns are about, the gravest first. */
  public enum IssueKind {
    /** Files that are no readable picture. */
    @SerializedName("unreadable")
    UNREADABLE(Severity.ERROR),
    /** One person on two sides. */
    @SerializedName("patient-in-two-splits")
    PATIENT_IN_SEVERAL_SPLITS(Severity.ERROR),
    /** Equal pictures in test and in what a model learns from. */
    @SerializedName("duplicate-into-test")
    TRAIN_TEST_DUPLICATE(Severity.ERROR),
    /** Equal pictures with different findings. */
    @SerializedName("label-conflict")
    LABEL_CONFLICT(Severity.ERROR),
    /** Pictures that look the same in test and in what a model learns from. */
    @SerializedName("near-duplicate-into-test")
    TRAIN_TEST_NEAR_DUPLICATE(Severity.WARNING),
    /** Pictures that look the same in train and validation. */
    @SerializedName("near-duplicate-into-validation")
    TRAIN_VALIDATION_NEAR_DUPLICATE(Severity.WARNING),
    /** Pictures that look the same with different findings. */
    @SerializedName("near-duplicate-conflict")
    NEAR_DUPLICATE_LABEL_CONFLICT(Severity.WARNING),
    /** Equal pictures within test, which count more than once there. */
    @SerializedName("duplicate-in-test")
    DUPLICATE_IN_TEST(Severity.WARNING),
    /** A number that two patients seem to have. */
    @SerializedName("patient-number-recurs")
    PATIENT_NUMBER_REUSED(Severity.WARNING),
    /** A feature that tells the findings apart without a look at a lung. */
    @SerializedName("shortcut")
    SHORTCUT(Severity.WARNING),
    /** A split without a picture of normal or of pneumonia. */
    @SerializedName("class-missing")
    CLASS_MISSING(Severity.WARNING),
    /** Equal pictures within train and validation, of which training keeps one. */
    @SerializedName("duplicate-in-training")
    DUPLICATE_IN_TRAINING(Severity.NOTICE),
    /** Pictures that look the same within one split. */
    @SerializedName("near-duplicate-in-split")
    NEAR_DUPLICATE_IN_SPLIT(Severity.NOTICE),
    /** Equal pictures of pneumonia, of some of which the cause is told. */
    @SerializedName("cause-not-told")
    CAUSE_UNSPECIFIED(Severity.NOTICE),
    /** What the catalogue says of how it was read. */
    @SerializedName("catalogue")
    DATASET_NOTICE(Severity.NOTICE);

    private final Severity severity;

    IssueKind(Severity severity) {
      this.severity = severity;
    }
  }
}
