package dev.cxr.data.files;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What processes that were killed left behind, half written. */
final class Abandoned {

  /** Nobody who writes still leaves everything untouched for so long. */
  private static final Duration AFTER = Duration.ofDays(1);

  private Abandoned() {}

  /**
   * Removes files and folders of a name that begins so, once nobody has written there for a day.
   */
  static void remove(Path folder, String prefix) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> siblings = Files.list(folder)) {
      unfinished =
          siblings.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
    long latest = Instant.now().minus(AFTER).toEpochMilli();
    for (Path path : unfinished) {
      if (lastWritten(path) < latest) {
        AtomicFolder.delete(path);
      }
    }
  }

  /** 0 for what its writer has just finished or removed: there is nothing left to delete then. */
  private static long lastWritten(Path path) throws IOException {
    if (!Files.exists(path)) {
      return 0;
    }
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.map(Path::toFile).mapToLong(File::lastModified).max().orElse(0);
    }
  }
}
