package dev.cxr.data.audit;

import dev.cxr.data.audit.Concern.Severity;
import java.util.List;

/**
 * What an audit found, in figures; {@code audit.json} holds the same.
 *
 * @param schemaVersion of the JSON: raised when a field goes or changes its meaning
 * @param disclaimer what none of this is
 * @param verdict whether results on the collection can be honest
 * @param concerns what to know, the gravest first
 * @param collection which collection
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
    Verdict verdict,
    List<Concern> concerns,
    Collection collection,
    List<Count> counts,
    List<Unreadable> unreadable,
    List<DuplicateGroup> duplicates,
    NearDuplicates nearDuplicates,
    List<SharedPatient> sharedPatients,
    List<Statistic> statistics,
    List<Shortcut> shortcuts,
    List<Picture> samples) {

  static final int SCHEMA_VERSION = 1;

  /**
   * The collection as a whole.
   *
   * @param name {@code synthetic} or the folder's name
   * @param synthetic whether the pictures are drawn
   * @param pictures how many, readable or not
   * @param splitRule how validation was chosen, in words
   */
  public record Collection(String name, boolean synthetic, long pictures, String splitRule) {}

  /** The concerns of one severity. */
  public List<Concern> concerns(Severity severity) {
    return concerns.stream().filter(c -> c.severity() == severity).toList();
  }

  /** The same with its errors allowed. */
  public AuditReport allowed() {
    return new AuditReport(
        schemaVersion,
        disclaimer,
        verdict == Verdict.UNFIT ? Verdict.ALLOWED : verdict,
        concerns,
        collection,
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
