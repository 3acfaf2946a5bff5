package dev.cxr.data.index;

import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The built-in sample: generated images of invented patients, always the same.
 *
 * <p>It shows that the software works, on a machine without data, and nothing about medicine.
 */
final class SyntheticDataset {

  private static final int SIDE = 224;
  private static final int TRAINING_PATIENTS = 480;
  private static final int TEST_PATIENTS = 160;
  private static final Finding[] FINDINGS = {
    Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.NORMAL, Finding.VIRAL_PNEUMONIA
  };

  private SyntheticDataset() {}

  static DatasetIndex index(DatasetOptions options) {
    DatasetIndexBuilder builder = new DatasetIndexBuilder();
    addPatients(builder, Split.TRAIN, 0, TRAINING_PATIENTS);
    addPatients(builder, Split.TEST, TRAINING_PATIENTS, TEST_PATIENTS);
    builder.addNotice(DatasetIndex.SYNTHETIC_NOTICE);
    return builder
        .build(Path.of(DatasetIndex.SYNTHETIC), PatientIdSource.FILE_NAMES, options)
        .asSynthetic();
  }

  /** Each patient has one to three images of one finding. */
  private static void addPatients(DatasetIndexBuilder builder, Split split, int first, int count) {
    for (int patient = first; patient < first + count; patient++) {
      Finding finding = FINDINGS[patient % FINDINGS.length];
      int images = 1 + new SplittableRandom(patient).nextInt(3);
      for (int image = 1; image <= images; image++) {
        boolean normal = finding.equals(Finding.NORMAL);
        String cause = finding.equals(Finding.BACTERIAL_PNEUMONIA) ? "bacteria" : "virus";
        String name =
            normal
                ? String.format(Locale.ROOT, "IM-%04d-%04d", patient, image)
                : String.format(Locale.ROOT, "person%d_%s_%d", patient, cause, image);
        String folder = normal ? "NORMAL" : "PNEUMONIA";
        String id = "%s/%s/%s.png".formatted(split == Split.TEST ? "test" : "train", folder, name);
        var source = new ImageSource.SyntheticSource(finding, patient, patient * 10L + image, SIDE);
        builder.add(id, source, finding, PatientIdParser.parse(name), split);
      }
    }
  }
}
