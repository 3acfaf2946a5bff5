package dev.cxr.data.download.collection;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.shell.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Writes the pictures of MedMNIST's arrays as PNG files.
 *
 * <p>The archive holds, for each of train, val and test, {@code *_images} of shape {@code (N, H,
 * W)} and {@code *_labels} of shape {@code (N, 1)}, unsigned bytes both; label 0 is NORMAL, 1 is
 * PNEUMONIA. Picture 12 of train becomes {@code train/NORMAL/train-0012.png}: the arrays tell no
 * patients, and neither does that name.
 */
final class PictureArrays implements Unpacking {

  private static final List<String> SPLITS = List.of("train", "val", "test");
  private static final int MOST_PICTURES = 100_000;
  private static final int LONGEST_SIDE = 1024;
  private static final long MOST_PIXELS = 2_000_000_000L;

  @Override
  public int unpack(Path archive, Path folder) throws IOException {
    int pictures = 0;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (String split : SPLITS) {
        pictures += unpack(zip, split, archive, folder.resolve(split));
      }
      return pictures;
    } catch (ZipException e) {
      throw Unpacking.refusal(archive, "a whole npz file", "damage (" + e.getMessage() + ")");
    }
  }

  private static int unpack(ZipFile zip, String split, Path archive, Path folder)
      throws IOException {
    byte[] labels = labels(zip, split, archive);
    for (String finding : List.of("NORMAL", "PNEUMONIA")) {
      Files.createDirectories(folder.resolve(finding));
    }
    String name = split + "_images";
    try (InputStream in = open(zip, name, archive);
        Progress progress = Progress.start("Unpacking " + split, " pictures", labels.length)) {
      List<Integer> shape = shape(in, name, archive);
      if (shape.size() != 3
          || shape.get(0) != labels.length
          || Math.max(shape.get(1), shape.get(2)) > LONGEST_SIDE
          || Math.min(shape.get(1), shape.get(2)) < 1
          || (long) shape.get(0) * shape.get(1) * shape.get(2) > MOST_PIXELS) {
        throw Unpacking.refusal(
            archive,
            "%s of shape (%d, H, W) with sides up to %d"
                .formatted(name, labels.length, LONGEST_SIDE),
            "shape " + shape);
      }
      int height = shape.get(1);
      int width = shape.get(2);
      for (int i = 0; i < labels.length; i++) {
        byte[] pixels = exactly(in, width * height, name, archive);
        String file = String.format(Locale.ROOT, "%s-%04d.png", split, i);
        PngEncoder.write(
            new GrayImage(width, height, pixels),
            folder.resolve(labels[i] == 0 ? "NORMAL" : "PNEUMONIA").resolve(file));
        progress.step(1, "");
      }
    }
    return labels.length;
  }

  private static byte[] labels(ZipFile zip, String split, Path archive) throws IOException {
    String name = split + "_labels";
    try (InputStream in = open(zip, name, archive)) {
      List<Integer> shape = shape(in, name, archive);
      if (shape.size() != 2 || shape.get(1) != 1 || shape.get(0) > MOST_PICTURES) {
        throw Unpacking.refusal(archive, name + " of shape (N, 1)", "shape " + shape);
      }
      byte[] labels = exactly(in, shape.get(0), name, archive);
      for (byte label : labels) {
        if (label != 0 && label != 1) {
          throw Unpacking.refusal(archive, "0 or 1 in " + name, Integer.toString(label & 0xFF));
        }
      }
      return labels;
    }
  }

  private static InputStream open(ZipFile zip, String name, Path archive) throws IOException {
    ZipEntry entry = zip.getEntry(name + ".npy");
    if (entry == null) {
      throw Unpacking.refusal(archive, "the array " + name, "none of that name");
    }
    return new BufferedInputStream(zip.getInputStream(entry), 1 << 16);
  }

  private static List<Integer> shape(InputStream in, String name, Path archive) throws IOException {
    return NpyHeader.read(in)
        .orElseThrow(
            () ->
                Unpacking.refusal(
                    archive, name + " as unsigned bytes, row by row", "something else"))
        .shape();
  }

  private static byte[] exactly(InputStream in, int length, String name, Path archive)
      throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw Unpacking.refusal(archive, "as many bytes of " + name + " as it states", "fewer");
    }
    return bytes;
  }
}
