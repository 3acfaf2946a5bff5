package dev.cxr.data.audit;

import dev.cxr.data.audit.AuditIssue.Severity;
import dev.cxr.data.index.LeftOut;
import java.util.List;

/**
 * The result of an audit, also written as {@code audit.json}.
 *
 * @param schemaVersion raised when a field is removed or changes its meaning
 * @param disclaimer that cxr is not a medical device
 * @param verdict whether results on the dataset are valid
 * @param issues the problems found, by severity
 * @param dataset the dataset
 * @param counts images and patients by split and finding
 * @param unreadable files that cannot be decoded; of the following only {@code sharedPatients}
 *     includes them
 * @param leftOut files beside the images that the dataset does not contain
 * @param duplicates groups of identical images
 * @param nearDuplicates pairs of nearly identical images
 * @param sharedPatients patient keys in more than one split
 * @param statistics the distribution of each feature, by finding and split
 * @param shortcuts how well each feature alone separates the classes
 * @param samples a few random images of each finding
 */
public record AuditReport(
    int schemaVersion,
    String disclaimer,
    AuditVerdict verdict,
    List<AuditIssue> issues,
    AuditedDataset dataset,
    List<SplitCount> counts,
    List<UnreadableImage> unreadable,
    List<LeftOut> leftOut,
    List<DuplicateGroup> duplicates,
    NearDuplicates nearDuplicates,
    List<SharedPatient> sharedPatients,
    List<FeatureStatistics> statistics,
    List<Shortcut> shortcuts,
    List<AuditedImage> samples) {

  static final int SCHEMA_VERSION = 2;

  /**
   * The dataset as a whole.
   *
   * @param name {@code synthetic} or the folder's name
   * @param synthetic whether the images are synthetic
   * @param images the number of images, readable or not
   * @param splitRule how validation was chosen
   */
  public record AuditedDataset(String name, boolean synthetic, long images, String splitRule) {}

  /**
   * {@return the issues of one severity}
   *
   * @param severity the severity
   */
  public List<AuditIssue> issues(Severity severity) {
    return issues.stream().filter(c -> c.severity() == severity).toList();
  }
}
