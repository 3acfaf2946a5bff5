package dev.cxr.common.cli;

/**
 * An error that the user can correct: a wrong folder, a damaged file, a full disk.
 *
 * <p>Its message says what was expected, what was found and where, and what to do. The command line
 * prints the message without a stack trace.
 *
 * @since 0.1
 */
public sealed class UserErrorException extends RuntimeException implements UserFacing
    permits UsageErrorException {

  UserErrorException(String expected, String found, String remedy) {
    super("Expected %s; found %s. %s".formatted(expected, found, remedy));
  }

  /**
   * An error in what was found.
   *
   * @param expected what is valid, as the end of "Expected …"
   * @param found what was found instead, with the file or option that contains it
   * @param remedy what to do, as a full sentence
   * @return the exception
   */
  public static UserErrorException of(String expected, String found, String remedy) {
    return new UserErrorException(expected, found, remedy);
  }
}
