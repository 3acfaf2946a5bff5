package dev.cxr.data.audit;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.audit.AuditIssue.Severity;
import dev.cxr.data.image.InvalidImageException;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.ImageSource.FileSource;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Checks a dataset before training. */
public final class Audit {

  private static final int SAMPLES_PER_FINDING = 6;

  private final DatasetIndex dataset;
  private final List<ImageProperties> images = new ArrayList<>();
  private final List<UnreadableImage> unreadable = new ArrayList<>();

  private Audit(DatasetIndex dataset) {
    this.dataset = dataset;
  }

  /**
   * Reads every image and checks the dataset; equal datasets give equal reports.
   *
   * <p>Needs memory for the pixels of one image per core and about 2 KB for each image.
   *
   * @param dataset the dataset
   * @return what was found
   */
  public static AuditReport run(DatasetIndex dataset) {
    return run(dataset, false);
  }

  /**
   * {@return what was found, where the user may have allowed errors}
   *
   * @param dataset the dataset
   * @param allowErrors whether errors give the verdict {@link AuditVerdict#ALLOWED}
   */
  public static AuditReport run(DatasetIndex dataset, boolean allowErrors) {
    Audit audit = new Audit(dataset);
    audit.read();
    return audit.report(allowErrors ? AuditVerdict.ALLOWED : AuditVerdict.UNFIT);
  }

  private void read() {
    List<Xray> xrays = dataset.xrays();
    @Nullable ImageProperties[] results = new ImageProperties[xrays.size()];
    @Nullable String[] reasons = new String[xrays.size()];
    try (Progress progress = Progress.start("Reading", " images", xrays.size())) {
      IntStream.range(0, xrays.size())
          .parallel()
          .forEach(
              i -> {
                try {
                  results[i] = ImageProperties.of(xrays.get(i));
                } catch (IOException e) {
                  reasons[i] = failureReason(xrays.get(i), e);
                }
                synchronized (progress) {
                  progress.step(1, "");
                }
              });
    }
    for (int i = 0; i < results.length; i++) {
      ImageProperties image = results[i];
      String reason = reasons[i];
      if (image != null) {
        images.add(image);
      } else if (reason != null) {
        unreadable.add(new UnreadableImage(AuditedImage.of(xrays.get(i)), reason));
      }
    }
  }

  /** Without the folder, so that the report is independent of its location. */
  private static String failureReason(Xray xray, IOException failure) {
    String reason =
        failure instanceof InvalidImageException
            ? String.valueOf(failure.getMessage())
            : failure.toString();
    return xray.source() instanceof FileSource file
        ? reason.replace(file.path() + ": ", "").replace(file.path().toString(), xray.id())
        : reason;
  }

  private AuditReport report(AuditVerdict ifErrors) {
    List<SplitCount> counts = SplitCount.of(dataset);
    List<DuplicateGroup> duplicates = DuplicateGroup.findIn(images);
    NearDuplicates nearDuplicates = NearDuplicates.findIn(images);
    List<SharedPatient> shared = SharedPatient.findIn(dataset);
    List<Shortcut> shortcuts = Shortcut.findIn(images, ClassPair.of(dataset.classNames()));
    List<AuditIssue> issues =
        AuditIssues.of(
            images, unreadable, shared, duplicates, nearDuplicates, shortcuts, counts, dataset);
    boolean isFit = issues.stream().noneMatch(c -> c.severity() == Severity.ERROR);
    return new AuditReport(
        AuditReport.SCHEMA_VERSION,
        "Research software, not a medical device.",
        isFit ? AuditVerdict.FIT : ifErrors,
        issues,
        new AuditReport.AuditedDataset(
            dataset.name(), dataset.synthetic(), dataset.xrays().size(), dataset.splitRule()),
        counts,
        unreadable,
        dataset.leftOut(),
        duplicates,
        nearDuplicates,
        shared,
        FeatureStatistics.of(images),
        shortcuts,
        samples());
  }

  /** Sorted by the hash of their names, so that the choice is random and reproducible. */
  private List<AuditedImage> samples() {
    return SplitCount.findings(dataset).stream()
        .flatMap(
            finding ->
                images.stream()
                    .map(ImageProperties::xray)
                    .filter(x -> x.finding().equals(finding))
                    .sorted(Comparator.comparing(x -> Sha256.hex("sample " + x.id())))
                    .limit(SAMPLES_PER_FINDING))
        .map(AuditedImage::of)
        .toList();
  }
}
