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

  /** The same exception with the file at the start of its message. */
  InvalidImageException withFile(Path file) {
    return new InvalidImageException(file + ": " + getMessage(), this);
  }
}
