package dev.cxr.data.image;

import dev.cxr.common.cli.UserFacing;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that cannot be decoded as an image: unsupported, too large, or damaged. */
public final class InvalidImageException extends IOException implements UserFacing {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception without a cause.
   *
   * @param message what was expected, what was found, and what to do about it
   */
  public InvalidImageException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what was expected, what was found, and what to do about it
   * @param cause the failure of a reader
   */
  public InvalidImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static InvalidImageException of(String expected, Object found, String remedy) {
    return new InvalidImageException(
        "expected %s, found %s: %s".formatted(expected, found, remedy));
  }

  static InvalidImageException damaged(String expected, Object found) {
    return of(expected, found, "the file is damaged, fetch it again");
  }

  static InvalidImageException truncated(String expected, long end) {
    return of(expected, "the end after byte " + end, "the file is truncated, fetch it again");
  }

  /** The file has fewer bytes than the size in its header needs at least. */
  static InvalidImageException tooFewBytes(int width, int height, long bytes) {
    return damaged(
        "%dx%d pixels".formatted(width, height), "%d bytes that cannot hold them".formatted(bytes));
  }

  /** The same exception with the file at the start of its message. */
  InvalidImageException withFile(Path file) {
    return new InvalidImageException(file + ": " + getMessage(), this);
  }
}
