package dev.cxr.common.cli;

/**
 * An invalid option or argument.
 *
 * @since 0.1
 */
public final class UsageErrorException extends UserErrorException {

  private UsageErrorException(String expected, String found, String remedy) {
    super(expected, found, remedy);
  }

  /**
   * An invalid option or argument.
   *
   * @param expected what is valid, as the end of "Expected …"
   * @param found what was found instead, with its option
   * @param remedy what to do, as a full sentence
   * @return the exception
   */
  public static UsageErrorException of(String expected, String found, String remedy) {
    return new UsageErrorException(expected, found, remedy);
  }
}
