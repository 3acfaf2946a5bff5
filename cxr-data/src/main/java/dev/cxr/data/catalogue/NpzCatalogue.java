package dev.cxr.data.catalogue;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.ImageRefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads a MedMNIST archive such as PneumoniaMNIST (Yang et al. 2023), of any size: {@code
 * train_images} (N, side, side) and {@code train_labels} (N, 1) unsigned bytes, 0 normal and 1
 * pneumonia; {@code val_…} and {@code test_…} likewise.
 */
final class NpzCatalogue {

  private static final List<String> SPLITS = List.of("train", "val", "test");

  private static final int MOST_PICTURES = 1_000_000;

  private NpzCatalogue() {}

  /**
   * Reads the archive's labels; pictures are read when they are asked for.
   *
   * @throws UserErrorException if it is no such archive
   */
  static Catalogue read(Path archive, ValidationRule rule) throws IOException {
    Assembly found = new Assembly();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (String split : SPLITS) {
        add(found, zip, archive, split);
      }
    } catch (ZipException | EOFException | ImageRefusedException e) {
      throw UserErrorException.of(
          "a MedMNIST archive with train_images, train_labels, val_… and test_…",
          "%s (%s)".formatted(archive, e.getMessage()),
          "Give PneumoniaMNIST's .npz file; 'download --source pneumoniamnist' fetches it.");
    }
    return found.catalogue(archive, PatientSource.FILE_NAMES, rule);
  }

  private static void add(Assembly found, ZipFile zip, Path archive, String split)
      throws IOException {
    NpyArray images = NpyArray.open(zip, archive, split + "_images");
    NpyArray labels = NpyArray.open(zip, archive, split + "_labels");
    int count = images.shape().get(0);
    if (images.shape().size() != 3
        || !(labels.shape().equals(List.of(count, 1)) || labels.shape().equals(List.of(count)))) {
      throw new ImageRefusedException(
          "%s_images of shape %s and %s_labels of shape %s: expected (N, height, width) and (N, 1)"
              .formatted(split, images.shape(), split, labels.shape()));
    }
    ImageDecoder.requireBounds(images.shape().get(2), images.shape().get(1));
    if (count > MOST_PICTURES) {
      throw new ImageRefusedException(
          "%s_images of %d pictures: expected at most %d".formatted(split, count, MOST_PICTURES));
    }
    NpyImages pictures = new NpyImages(images);
    byte[] findings = labels.read();
    for (int i = 0; i < count; i++) {
      if (findings[i] != 0 && findings[i] != 1) {
        throw new ImageRefusedException(
            "%s_labels[%d] is %d: expected 0 (normal) or 1 (pneumonia)"
                .formatted(split, i, findings[i] & 0xFF));
      }
      found.add(
          String.format(Locale.ROOT, "%s/%06d", split, i),
          new PixelSource.ArchivedImage(pictures, i),
          findings[i] == 0 ? Finding.NORMAL : Finding.PNEUMONIA,
          Optional.empty(),
          Split.ofFolder(split).orElseThrow());
    }
  }
}
