package dev.cxr.models.architecture;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;

/** The stages of a network that are not trained. */
public sealed interface Freezing {

  /** Every stage is trained. */
  record None() implements Freezing {
    @Override
    public String toString() {
      return "none";
    }
  }

  /** Only the head is trained. */
  record Backbone() implements Freezing {
    @Override
    public String toString() {
      return "backbone";
    }
  }

  /**
   * The first stages are not trained.
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
   * Parses {@code none}, {@code backbone}, or a number of first stages.
   *
   * @param text as a recipe names it
   * @return the stages to freeze
   * @throws UserErrorException if the text is none of these
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
    throw UsageErrorException.of(
        "none, backbone, or a number of stages to freeze",
        "'" + text + "'",
        "Choose one of those; `cxr-models summary` lists the stages.");
  }
}
