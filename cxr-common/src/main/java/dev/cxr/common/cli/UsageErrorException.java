package dev.cxr.common.cli;

/**
 * An invalid option or argument.
 *
 * @since 0.1
 */
public final class UsageErrorException extends UserErrorException {

  UsageErrorException(String expected, String found, String remedy) {
    super(expected, found, remedy);
  }
}
