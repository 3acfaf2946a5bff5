package dev.cxr.models.architecture;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;

/**
 * The first stages of a network, which are not trained.
 *
 * @param stages how many; of {@link #BACKBONE} all but the head
 */
public record Freezing(int stages) {

  /** Every stage is trained. */
  public static final Freezing NONE = new Freezing(0);

  /** Only the head is trained. */
  public static final Freezing BACKBONE = new Freezing(Integer.MAX_VALUE);

  /**
   * Parses {@code none}, {@code backbone}, or a number of first stages.
   *
   * @param text as a recipe names it
   * @return the stages to freeze
   * @throws UserErrorException if the text is none of these
   */
  public static Freezing parse(String text) {
    if (text.equals("none")) {
      return NONE;
    }
    if (text.equals("backbone")) {
      return BACKBONE;
    }
    if (text.matches("[1-9][0-9]?")) {
      return new Freezing(Integer.parseInt(text));
    }
    throw UsageErrorException.of(
        "none, backbone, or a number of stages to freeze",
        "'" + text + "'",
        "Choose one of those; `cxr-models summary` lists the stages.");
  }

  @Override
  public String toString() {
    return equals(NONE) ? "none" : equals(BACKBONE) ? "backbone" : String.valueOf(stages);
  }
}
