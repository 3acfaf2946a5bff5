package dev.cxr.train.doctor;

/**
 * One thing that the doctor looked at.
 *
 * @param level how bad it is
 * @param subject what it is about, in a word or two
 * @param message what was found
 * @param remedy what to do about it; empty if there is nothing to do
 */
public record Diagnostic(Level level, String subject, String message, String remedy) {

  /** How bad it is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** Training works, but could be better off. */
    NOTE,
    /** Training will fail. */
    PROBLEM
  }

  static Diagnostic ok(String subject, String text) {
    return new Diagnostic(Level.OK, subject, text, "");
  }

  static Diagnostic note(String subject, String text, String remedy) {
    return new Diagnostic(Level.NOTE, subject, text, remedy);
  }

  static Diagnostic problem(String subject, String text, String remedy) {
    return new Diagnostic(Level.PROBLEM, subject, text, remedy);
  }
}
