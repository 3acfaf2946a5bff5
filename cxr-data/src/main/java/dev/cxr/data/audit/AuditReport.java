package dev.cxr.data.audit;

import dev.cxr.data.audit.AuditIssue.Severity;
import java.util.List;

/**
 * What an audit found, in figures; {@code audit.json} holds the same.
 *
 * @param schemaVersion of the JSON: raised when a field goes or changes its meaning
 * @param disclaimer what none of this is
 * @param verdict whether results on the collection can be honest
 * @param issues what to know, the gravest first
 * @param dataset which collection
 * @param counts pictures and patient groups by split and finding
 * @param unreadable files that could not be read; nothing below counts them but {@code
 *     sharedPatients}
 * @param duplicates groups of equal pictures
 * @param nearDuplicates pairs that look the same
 * @param sharedPatients patient keys in more than one split
 * @param statistics how each feature is spread, by finding and split
 * @param shortcuts how well each feature alone tells findings apart
 * @param samples pictures drawn by chance, a few of each finding
 */
public record AuditReport(
    int schemaVersion,
    String disclaimer,
    AuditVerdict verdict,
    List<AuditIssue> issues,
    AuditedDataset dataset,
    List<SplitCount> counts,
    List<UnreadableImage> unreadable,
    List<DuplicateGroup> duplicates,
    NearDuplicates nearDuplicates,
    List<SharedPatient> sharedPatients,
    List<FeatureStatistics> statistics,
    List<Shortcut> shortcuts,
    List<AuditedImage> samples) {

  static final int SCHEMA_VERSION = 1;

  /**
   * The collection as a whole.
   *
   * @param name {@code synthetic} or the folder's name
   * @param synthetic whether the pictures are drawn
   * @param images how many, readable or not
   * @param splitRule how validation was chosen, in words
   */
  public record AuditedDataset(String name, boolean synthetic, long images, String splitRule) {}

  /** The concerns of one severity. */
  public List<AuditIssue> issues(Severity severity) {
    return issues.stream().filter(c -> c.severity() == severity).toList();
  }

  /** The same with its errors allowed. */
  public AuditReport withErrorsAllowed() {
    return new AuditReport(
        schemaVersion,
        disclaimer,
        verdict == AuditVerdict.UNFIT ? AuditVerdict.ALLOWED : verdict,
        issues,
        dataset,
        counts,
        unreadable,
        duplicates,
        nearDuplicates,
        sharedPatients,
        statistics,
        shortcuts,
        samples);
  }
}
