package dev.cxr.models.architecture;

import dev.cxr.common.cli.UserErrorException;

/** Which of a network's stages do not learn. */
public sealed interface Freezing {

  /** Everything learns. */
  record None() implements Freezing {
    @Override
    public String toString() {
      return "none";
    }
  }

  /** Only the last stage learns. */
  record Backbone() implements Freezing {
    @Override
    public String toString() {
      return "backbone";
    }
  }

  /**
   * The first stages do not learn.
   *
   * @param count how many, at least 1
   */
  record FirstStages(int count) implements Freezing {
    @Override
    public String toString() {
      return String.valueOf(count);
    }
  }

  /**
   * Reads what people type: {@code none}, {@code backbone}, or how many of the first stages.
   *
   * @throws UserErrorException if it is none of those
   */
  static Freezing parse(String text) {
    if (text.equals("none")) {
      return new None();
    }
    if (text.equals("backbone")) {
      return new Backbone();
    }
    if (text.matches("[1-9][0-9]?")) {
      return new FirstStages(Integer.parseInt(text));
    }
    throw UserErrorException.ofUsage(
        "what to freeze: none, backbone, or a number of stages",
        "'" + text + "'",
        "Choose one of those; `cxr-models summary` lists the stages.");
  }
}
