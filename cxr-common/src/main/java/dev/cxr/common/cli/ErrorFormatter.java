package dev.cxr.common.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Optional;
import java.util.stream.Stream;

/** What a person, and a script, is told of a failure. */
final class ErrorFormatter {

  private ErrorFormatter() {}

  /**
   * The refusal or the trouble with a file that stands behind the failure, however deep; else the
   * failure itself.
   */
  static String format(Throwable failure) {
    if (causes(failure).anyMatch(OutOfMemoryError.class::isInstance)) {
      return ("Expected memory enough for this; found all %d MiB in use. Give Java more, such as by"
              + " MAVEN_OPTS=-Xmx8g, or smaller pictures.")
          .formatted(Runtime.getRuntime().maxMemory() >> 20);
    }
    return userFacingCause(failure)
        .map(
            cause ->
                cause instanceof UserErrorException ? message(cause) : describeFileError(cause))
        .orElse("Failed unexpectedly: " + failure + ". Run again with --debug to see where.");
  }

  /** That of the refusal that {@link #format} tells; 1 for anything else. */
  static int exitCode(Throwable failure) {
    return userFacingCause(failure)
        .map(cause -> cause instanceof UserErrorException refusal ? refusal.exitCode() : 1)
        .orElse(1);
  }

  private static Optional<Throwable> userFacingCause(Throwable failure) {
    return causes(failure).filter(ErrorFormatter::isUserFacing).findFirst();
  }

  /** The failure, what caused it, and so on. */
  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  private static boolean isUserFacing(Throwable cause) {
    return cause instanceof UserErrorException
        || cause instanceof IOException
        || cause instanceof ReadOnlyFileSystemException
        || cause instanceof InvalidPathException;
  }

  private static String describeFileError(Throwable failure) {
    String text = message(failure);
    // Writers of pictures wrap it.
    Optional<String> diskFull =
        causes(failure)
            .map(ErrorFormatter::message)
            .filter(cause -> cause.contains("No space left"))
            .findFirst();
    if (diskFull.isPresent()) {
      return ("Expected room on the disk; found it full (%s). Free some space or choose another"
              + " folder.")
          .formatted(diskFull.get());
    }
    if (failure instanceof UserFacing) {
      return text;
    }
    if (failure instanceof InvalidPathException path) {
      return ("Expected a path in letters that this locale has; found '%s'. Set LC_ALL=C.UTF-8, or"
              + " rename it in plain letters.")
          .formatted(path.getInput());
    }
    if (failure instanceof AccessDeniedException
        || failure instanceof ReadOnlyFileSystemException
        || text.contains("Read-only file system")) {
      return ("Expected a place that may be read and written; found none at %s. Change its"
              + " permissions or choose another.")
          .formatted(text);
    }
    if (failure instanceof NoSuchFileException) {
      return "Expected a file; found none at %s. Check the path.".formatted(text);
    }
    if (failure instanceof FileSystemException) {
      return "A file could not be used: %s. Check the path and the disk.".formatted(text);
    }
    return "Reading or writing failed: %s. Run again with --debug to see where.".formatted(text);
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
