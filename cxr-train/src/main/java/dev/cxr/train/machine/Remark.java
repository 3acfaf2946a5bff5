package dev.cxr.train.machine;

/**
 * One thing that the doctor looked at.
 *
 * @param level how bad it is
 * @param subject what it is about, in a word or two
 * @param text what was found
 * @param remedy what to do about it; empty if there is nothing to do
 */
record Remark(Level level, String subject, String text, String remedy) {

  /** How bad it is. */
  enum Level {
    /** As it should be. */
    OK,
    /** Training works, but could be better off. */
    NOTE,
    /** Training will fail. */
    PROBLEM
  }

  static Remark ok(String subject, String text) {
    return new Remark(Level.OK, subject, text, "");
  }

  static Remark note(String subject, String text, String remedy) {
    return new Remark(Level.NOTE, subject, text, remedy);
  }

  static Remark problem(String subject, String text, String remedy) {
    return new Remark(Level.PROBLEM, subject, text, remedy);
  }
}
