package dev.cxr.train.doctor;

import java.util.List;
import java.util.Locale;

/**
 * The result of one check.
 *
 * @param level its severity
 * @param subject in a word or two
 * @param message what was found
 * @param remedy what to do; empty if the level is OK
 */
public record Diagnostic(Level level, String subject, String message, String remedy) {

  /** A severity. */
  enum Level {
    /** Nothing to do. */
    OK,
    /** Training works, but could be faster or safer. */
    NOTE,
    /** Training will fail. */
    PROBLEM
  }

  static Diagnostic ok(String subject, String message) {
    return new Diagnostic(Level.OK, subject, message, "");
  }

  static Diagnostic note(String subject, String message, String remedy) {
    return new Diagnostic(Level.NOTE, subject, message, remedy);
  }

  static Diagnostic problem(String subject, String message, String remedy) {
    return new Diagnostic(Level.PROBLEM, subject, message, remedy);
  }

  /** {@return as lines for a terminal} */
  public String toText() {
    String line =
        String.format(
            Locale.ROOT, "%-8s %-13s %s", level.name().toLowerCase(Locale.ROOT), subject, message);
    return remedy.isEmpty() ? line : line + System.lineSeparator() + " ".repeat(23) + remedy;
  }

  /**
   * Whether one of the results is a problem.
   *
   * @param diagnostics results of checks
   * @return true if training will fail
   */
  public static boolean stopsTraining(List<Diagnostic> diagnostics) {
    return count(diagnostics, Level.PROBLEM) > 0;
  }

  /**
   * The results in a sentence.
   *
   * @param diagnostics results of checks
   * @return such as {@code Problems that stop training: 0. Notes: 1.}
   */
  public static String summary(List<Diagnostic> diagnostics) {
    return "Problems that stop training: %d. Notes: %d."
        .formatted(count(diagnostics, Level.PROBLEM), count(diagnostics, Level.NOTE));
  }

  private static long count(List<Diagnostic> diagnostics, Level level) {
    return diagnostics.stream().filter(diagnostic -> diagnostic.level() == level).count();
  }
}
