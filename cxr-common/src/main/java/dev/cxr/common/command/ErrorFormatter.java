package dev.cxr.common.command;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.cli.UserFacing;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a failure into the one message that the user reads. */
public final class ErrorFormatter {

  private ErrorFormatter() {}

  /**
   * {@return what resource was scarce; else the message of the first user error or file error among
   * the failure and its causes; else the failure itself}
   *
   * @param failure what was thrown
   */
  public static String format(Throwable failure) {
    return ScarceResource.explain(causes(failure))
        .or(() -> userFacingCause(failure).map(ErrorFormatter::describe))
        .orElse("Failed unexpectedly: " + failure + ". Run again with --debug to see where.");
  }

  /** 2 for a usage error, 1 for any other failure. */
  static int exitCode(Throwable failure) {
    return userFacingCause(failure).filter(UsageErrorException.class::isInstance).isPresent()
        ? 2
        : 1;
  }

  private static Optional<Throwable> userFacingCause(Throwable failure) {
    return causes(failure).filter(ErrorFormatter::isUserFacing).findFirst();
  }

  /** A failure and its causes. */
  static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  private static boolean isUserFacing(Throwable cause) {
    return cause instanceof UserErrorException
        || cause instanceof IOException
        || cause instanceof ReadOnlyFileSystemException
        || cause instanceof InvalidPathException;
  }

  private static String describe(Throwable failure) {
    String text = message(failure);
    if (failure instanceof UserFacing) {
      return text;
    }
    if (failure instanceof InvalidPathException path) {
      return ("Expected a path in the characters of this locale; found '%s'. Set LC_ALL=C.UTF-8, or"
              + " rename the file in ASCII characters.")
          .formatted(path.getInput());
    }
    if (failure instanceof AccessDeniedException
        || failure instanceof ReadOnlyFileSystemException
        || text.contains("Read-only file system")) {
      return ("Expected permission to read and write %s; found none. Change its permissions or choose"
              + " another path.")
          .formatted(text);
    }
    if (failure instanceof NoSuchFileException) {
      return "Expected a file at %s; found none. Check the path.".formatted(text);
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
