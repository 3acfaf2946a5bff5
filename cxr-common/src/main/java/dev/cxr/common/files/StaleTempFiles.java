package dev.cxr.common.files;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What processes that were killed left behind, half written. */
final class StaleTempFiles {

  /** Nobody who writes still leaves everything untouched for so long. */
  private static final Duration MAX_AGE = Duration.ofDays(1);

  private StaleTempFiles() {}

  /** What the names begin with of all that is unfinished on its way to this file or folder. */
  static String prefix(String name) {
    return "." + name + ".unfinished-";
  }

  /**
   * Removes files and folders of a name that begins so, once nobody has written there for a day.
   */
  static void deleteStale(Path folder, String prefix) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> siblings = Files.list(folder)) {
      unfinished =
          siblings.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
    long cutoff = Instant.now().minus(MAX_AGE).toEpochMilli();
    for (Path path : unfinished) {
      if (lastModified(path) < cutoff) {
        AtomicFolder.deleteRecursively(path);
      }
    }
  }

  private static long lastModified(Path path) throws IOException {
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.map(Path::toFile).mapToLong(File::lastModified).max().orElseThrow();
    } catch (NoSuchFileException | UncheckedIOException e) {
      return Long.MAX_VALUE; // it went meanwhile: its writer is at work, or has just finished
    }
  }
}
