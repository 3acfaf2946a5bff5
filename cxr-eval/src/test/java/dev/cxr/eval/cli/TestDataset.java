package dev.cxr.eval.cli;

import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder of drawn pictures under the names of Kermany's collection, two of each patient. */
public final class TestDataset {

  private static final List<Finding> FINDINGS = Finding.BUILT_IN;

  private TestDataset() {}

  /** 160 pictures in train, 40 in test; every finding as often. */
  public static Path write(Path folder) throws IOException {
    write(folder, "train", 160, 1000);
    write(folder, "test", 40, 5000);
    return folder;
  }

  static void write(Path collection, String split, int count, int firstPatient) throws IOException {
    Path normal = Files.createDirectories(collection.resolve(split + "/NORMAL"));
    Path pneumonia = Files.createDirectories(collection.resolve(split + "/PNEUMONIA"));
    for (int i = 0; i < count; i++) {
      int patient = firstPatient + i / 2;
      Finding finding = FINDINGS.get(i / 2 % 4);
      Path file =
          switch (finding.name()) {
            case "NORMAL" -> normal.resolve("IM-%d-%04d.png".formatted(patient, i % 2));
            case "BACTERIAL_PNEUMONIA" ->
                pneumonia.resolve("person%d_bacteria_%d.png".formatted(patient, i));
            case "VIRAL_PNEUMONIA" ->
                pneumonia.resolve("person%d_virus_%d.png".formatted(patient, i));
            default -> pneumonia.resolve("person%d_%d.png".formatted(patient, i));
          };
      PngEncoder.write(
          new ImageSource.SyntheticSource(finding, patient, i, 40 + i % 7).read(), file);
    }
  }
}
