package dev.cxr.common.cli;

/**
 * Something that a person can put right: the wrong folder, a damaged file, a full disk.
 *
 * <p>Its message is one sentence of what was expected and what was found, and one of what to do. A
 * command that ends in a refusal prints that message alone, without a stack trace, and exits with
 * {@link #exitCode()}.
 */
public final class UserErrorException extends RuntimeException {

  private final int exitCode;

  private UserErrorException(int exitCode, String expected, String found, String remedy) {
    super("Expected %s; found %s. %s".formatted(expected, found, remedy));
    this.exitCode = exitCode;
  }

  /**
   * A failure of what was asked: exit code 1.
   *
   * @param expected what would have been right, as the end of "Expected …"
   * @param found what was there instead, with the file or option it was found in
   * @param remedy what to do now, as a full sentence
   */
  public static UserErrorException of(String expected, String found, String remedy) {
    return new UserErrorException(1, expected, found, remedy);
  }

  /** A wrong option or argument: exit code 2. The parts are those of {@link #of}. */
  public static UserErrorException ofUsage(String expected, String found, String remedy) {
    return new UserErrorException(2, expected, found, remedy);
  }

  /** 1 for a failure, 2 for wrong usage. */
  public int exitCode() {
    return exitCode;
  }
}
