package dev.cxr.data.audit;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource.FileSource;
import dev.cxr.data.index.PatientIdSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Synthetic images and datasets of them. */
final class AuditFixtures {

  private static final DatasetIndex SAMPLE = openSample();

  private AuditFixtures() {}

  /** A synthetic image; images of different numbers are no near duplicates. */
  static GrayImage syntheticImage(int number) throws IOException {
    return SAMPLE.xrays().get(number).source().read();
  }

  /** The same image with other gray values. */
  static GrayImage mapPixels(GrayImage image, IntUnaryOperator change) {
    byte[] pixels = image.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      int value = change.applyAsInt(Byte.toUnsignedInt(pixels[i]));
      pixels[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return new GrayImage(image.width(), image.height(), pixels);
  }

  /** Writes a PNG file, and folders where missing. */
  static void write(GrayImage image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    PngEncoder.write(image, file);
  }

  /** An X-ray without a file. */
  static Xray xray(String id, Finding finding, String patient, Split split) {
    return new Xray(id, new FileSource(Path.of("nowhere", id)), finding, patient, split);
  }

  static ImageProperties properties(String id, GrayImage image, Finding finding, Split split) {
    return properties(xray(id, finding, id, split), image);
  }

  static ImageProperties properties(Xray xray, GrayImage image) {
    return ImageProperties.of(xray, image, Optional.empty());
  }

  static DatasetIndex dataset(PatientIdSource patients, List<Xray> xrays) {
    return new DatasetIndex(
        "made up", false, "by hand", patients, ClassNames.BUILT_IN, xrays, List.of(), List.of());
  }

  private static DatasetIndex openSample() {
    try {
      return DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
