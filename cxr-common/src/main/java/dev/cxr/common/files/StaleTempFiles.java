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

/** Unfinished files and folders that killed processes left behind. */
final class StaleTempFiles {

  /** A process that is still writing modifies its files more often. */
  private static final Duration MAX_AGE = Duration.ofDays(1);

  private StaleTempFiles() {}

  /** The prefix of the temporary names of a file or folder. */
  static String prefix(String name) {
    return "." + name + ".unfinished-";
  }

  /** Deletes files and folders with this prefix that have not been modified for a day. */
  static void deleteStale(Path folder, String prefix) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> siblings = Files.list(folder)) {
      unfinished =
          siblings.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
    long cutoff = Instant.now().minus(MAX_AGE).toEpochMilli();
    for (Path path : unfinished) {
      if (lastModified(path) < cutoff) {
        FileTree.delete(path);
      }
    }
  }

  private static long lastModified(Path path) throws IOException {
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.map(Path::toFile).mapToLong(File::lastModified).max().orElseThrow();
    } catch (NoSuchFileException | UncheckedIOException e) {
      return Long.MAX_VALUE; // deleted meanwhile: its writer has just finished
    }
  }
}
