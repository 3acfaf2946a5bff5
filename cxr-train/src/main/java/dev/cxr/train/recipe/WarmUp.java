package dev.cxr.train.recipe;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The length of the warm-up: a number of steps, or a share of all steps of the run.
 *
 * <p>A warm-up that would be as long as the whole run is shortened to a tenth of it, so that a
 * recipe can be tried with few epochs or images.
 *
 * @param text as a recipe has it, such as {@code 150}, {@code 0.1} or {@code 10%}
 */
public record WarmUp(String text) {

  /** What {@link #text} can be. */
  static final String VALID_FORMS =
      "a number of steps, or a share of all steps below 1 such as 0.1 or 10%";

  private static final Pattern STEPS = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SHARE = Pattern.compile("0?\\.[0-9]{1,9}");
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,2}(\\.[0-9]{1,9})?%");

  /** A longer warm-up than the run becomes this part of it. */
  private static final int SHORTENED_PART = 10;

  /**
   * Checks the text.
   *
   * @param text as a recipe has it
   * @throws IllegalArgumentException if it is neither a number of steps nor a share
   */
  public WarmUp {
    if (!STEPS.matcher(text).matches()
        && !SHARE.matcher(text).matches()
        && !PERCENT.matcher(text).matches()) {
      throw new IllegalArgumentException(VALID_FORMS + ", not " + text);
    }
  }

  /**
   * {@return the number of steps over which the learning rate rises}
   *
   * @param totalSteps of the run
   */
  public long steps(long totalSteps) {
    long steps = requestedSteps(totalSteps);
    return steps < totalSteps ? steps : totalSteps / SHORTENED_PART;
  }

  private long requestedSteps(long totalSteps) {
    if (STEPS.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    double share =
        text.endsWith("%")
            ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
            : Double.parseDouble(text);
    return Math.round(share * totalSteps);
  }

  /**
   * {@return what a reader should know: empty if the warm-up is as long as the recipe says}
   *
   * @param totalSteps of the run
   */
  public Optional<String> notice(long totalSteps) {
    long steps = steps(totalSteps);
    return steps == requestedSteps(totalSteps)
        ? Optional.empty()
        : Optional.of(
            "The warm-up is shortened to %d of %d steps: warm-up-steps is %s."
                .formatted(steps, totalSteps, text));
  }

  @Override
  public String toString() {
    return text;
  }
}
