package dev.cxr.data.image;

import dev.cxr.common.cli.UserFacing;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that is not read as an image: of another kind, out of bounds, or damaged. */
public final class InvalidImageException extends IOException implements UserFacing {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal for a reason of our own.
   *
   * @param message what was expected, what was found, and what to do about it
   */
  public InvalidImageException(String message) {
    super(message);
  }

  /**
   * A refusal that a reader's failure led to.
   *
   * @param message what was expected, what was found, and what to do about it
   * @param cause the failure
   */
  public InvalidImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** This refusal, its message led by the file that it is about. */
  InvalidImageException withFile(Path file) {
    return new InvalidImageException(file + ": " + getMessage(), this);
  }
}
