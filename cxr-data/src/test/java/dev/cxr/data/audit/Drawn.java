package dev.cxr.data.audit;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.PatientSource;
import dev.cxr.data.catalogue.PixelSource.ImageFile;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Drawn pictures, and collections that are made of them. */
final class Drawn {

  private static final Catalogue SAMPLE = sample();

  private Drawn() {}

  /** One of the drawn pictures; pictures of different numbers do not look the same. */
  static GrayImage drawn(int number) throws IOException {
    return SAMPLE.xrays().get(number).source().read();
  }

  /** The same picture with other gray values. */
  static GrayImage changed(GrayImage image, IntUnaryOperator change) {
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

  /** An X-ray that has no picture to read. */
  static Xray xray(String id, Finding finding, String patient, Split split) {
    return new Xray(id, new ImageFile(Path.of("nowhere", id)), finding, patient, split);
  }

  static PictureFacts facts(String id, GrayImage image, Finding finding, Split split) {
    return facts(xray(id, finding, id, split), image);
  }

  static PictureFacts facts(Xray xray, GrayImage image) {
    return PictureFacts.of(xray, image, Optional.empty());
  }

  static Catalogue catalogue(PatientSource patients, List<Xray> xrays) {
    return new Catalogue("made up", false, "by hand", patients, xrays, List.of());
  }

  private static Catalogue sample() {
    try {
      return Catalogue.open(Catalogue.SYNTHETIC, ValidationRule.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
