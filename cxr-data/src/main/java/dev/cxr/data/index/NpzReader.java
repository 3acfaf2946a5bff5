package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.InvalidImageException;
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
final class NpzReader {

  private static final List<String> SPLITS = List.of("train", "val", "test");

  private static final int MAX_IMAGES = 1_000_000;

  private NpzReader() {}

  /**
   * Reads the labels of the archive; images are read later, on demand.
   *
   * @throws UserErrorException if it is not such an archive
   */
  static DatasetIndex read(Path archive, DatasetOptions options) throws IOException {
    DatasetIndexBuilder builder = new DatasetIndexBuilder();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (String split : SPLITS) {
        addSplit(builder, zip, archive, split);
      }
    } catch (ZipException | EOFException | InvalidImageException e) {
      throw UserErrorException.of(
          "a MedMNIST archive with train_images, train_labels, val_… and test_…",
          "%s (%s)".formatted(archive, e.getMessage()),
          "Give the .npz file of PneumoniaMNIST; 'download --source pneumoniamnist' downloads it.");
    }
    return builder.build(archive, PatientIdSource.FILE_NAMES, options);
  }

  private static void addSplit(DatasetIndexBuilder builder, ZipFile zip, Path archive, String split)
      throws IOException {
    NpyArray images = NpyArray.open(zip, archive, split + "_images");
    NpyArray labels = NpyArray.open(zip, archive, split + "_labels");
    int count = images.shape().get(0);
    if (images.shape().size() != 3
        || !(labels.shape().equals(List.of(count, 1)) || labels.shape().equals(List.of(count)))) {
      throw new InvalidImageException(
          "expected shapes (N, height, width) and (N, 1), found %s_images of %s and %s_labels of %s"
              .formatted(split, images.shape(), split, labels.shape()));
    }
    ImageDecoder.requireValidSize(images.shape().get(2), images.shape().get(1));
    if (count > MAX_IMAGES) {
      throw new InvalidImageException(
          "expected at most %d images, found %d in %s_images".formatted(MAX_IMAGES, count, split));
    }
    byte[] findings = labels.bytes();
    for (int i = 0; i < count; i++) {
      if (findings[i] != 0 && findings[i] != 1) {
        throw new InvalidImageException(
            "expected 0 (normal) or 1 (pneumonia), found %d at %s_labels[%d]"
                .formatted(findings[i] & 0xFF, split, i));
      }
      builder.add(
          String.format(Locale.ROOT, "%s/%06d", split, i),
          new ImageSource.NpzSource(images, i),
          findings[i] == 0 ? Finding.NORMAL : Finding.PNEUMONIA,
          Optional.empty(),
          Split.fromFolderName(split).orElseThrow());
    }
  }
}
