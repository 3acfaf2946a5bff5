package dev.cxr.data.catalogue;

import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The built-in sample: drawn pictures of made-up patients, the same ones every time.
 *
 * <p>It shows that the software works on a machine that has no data, and nothing about medicine.
 */
final class SyntheticSample {

  private static final int SIDE = 224;
  private static final int TRAINING_PATIENTS = 480;
  private static final int TEST_PATIENTS = 160;
  private static final Finding[] FINDINGS = {
    Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.NORMAL, Finding.VIRAL_PNEUMONIA
  };

  private SyntheticSample() {}

  static Catalogue catalogue(ValidationRule rule) {
    Assembly drawn = new Assembly();
    addPatients(drawn, Split.TRAIN, 0, TRAINING_PATIENTS);
    addPatients(drawn, Split.TEST, TRAINING_PATIENTS, TEST_PATIENTS);
    drawn.note(Catalogue.SYNTHETIC_NOTICE);
    return drawn
        .catalogue(Path.of(Catalogue.SYNTHETIC), PatientSource.FILE_NAMES, rule)
        .synthesised();
  }

  /** Each patient has one to three pictures of one finding. */
  private static void addPatients(Assembly drawn, Split split, int first, int count) {
    for (int patient = first; patient < first + count; patient++) {
      Finding finding = FINDINGS[patient % FINDINGS.length];
      int pictures = 1 + new SplittableRandom(patient).nextInt(3);
      for (int picture = 1; picture <= pictures; picture++) {
        String folder = finding.isPneumonia() ? "PNEUMONIA" : "NORMAL";
        String name =
            switch (finding) {
              case NORMAL -> String.format(Locale.ROOT, "IM-%04d-%04d", patient, picture);
              case BACTERIAL_PNEUMONIA ->
                  String.format(Locale.ROOT, "person%d_bacteria_%d", patient, picture);
              case VIRAL_PNEUMONIA ->
                  String.format(Locale.ROOT, "person%d_virus_%d", patient, picture);
              case PNEUMONIA -> String.format(Locale.ROOT, "person%d_%d", patient, picture);
            };
        String id = "%s/%s/%s.png".formatted(split == Split.TEST ? "test" : "train", folder, name);
        var source = new PixelSource.Synthetic(finding, patient, patient * 10L + picture, SIDE);
        drawn.add(id, source, finding, PatientGroup.ofFileName(name), split);
      }
    }
  }
}
