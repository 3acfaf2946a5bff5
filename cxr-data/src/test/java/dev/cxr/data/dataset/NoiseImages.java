package dev.cxr.data.dataset;

import dev.cxr.common.files.CacheFolder;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.PatientIdSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Small images of noise for datasets. */
final class NoiseImages {

  private NoiseImages() {}

  static GrayImage noise(long seed) {
    byte[] pixels = new byte[20 * 24];
    new Random(seed).nextBytes(pixels);
    return new GrayImage(20, 24, pixels);
  }

  /** Writes a PNG file of noise. */
  static Path write(Path file, long seed) throws IOException {
    PngEncoder.write(noise(seed), file);
    return file;
  }

  static Xray xray(Path file, Finding finding, Split split) {
    String name = file.getFileName().toString();
    return new Xray(name, new ImageSource.FileSource(file), finding, name, split);
  }

  static DatasetIndex index(List<Xray> xrays) {
    return new DatasetIndex(
        "noise",
        false,
        "by hand",
        PatientIdSource.FILE_NAMES,
        ClassNames.BUILT_IN,
        xrays,
        List.of(),
        List.of());
  }

  /** All files in the cache folder, including hidden ones. */
  static Set<Path> cacheFiles() throws IOException {
    Path folder = CacheFolder.resolve("pixels");
    if (!Files.exists(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The files that were added since. */
  static Set<Path> cacheFilesSince(Set<Path> then) throws IOException {
    Set<Path> now = new TreeSet<>(cacheFiles());
    now.removeAll(then);
    return now;
  }

  static void removeCacheFilesSince(Set<Path> then) throws IOException {
    for (Path file : cacheFilesSince(then)) {
      Files.delete(file);
    }
  }
}
