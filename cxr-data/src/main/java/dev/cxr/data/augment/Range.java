package dev.cxr.data.augment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The minimum and maximum of a value: {@code [0.85, 1.2]} in a recipe.
 *
 * @param from the minimum, finite
 * @param to the maximum, finite, not below {@code from}
 */
public record Range(double from, double to) {

  private static final Pattern FROM_TO =
      Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\.\\.(-?\\d+(?:\\.\\d+)?)");

  /**
   * Checks the order.
   *
   * @param from the minimum
   * @param to the maximum
   * @throws IllegalArgumentException if {@code from} is above {@code to} or either is no finite
   *     number
   */
  public Range {
    if (!(from <= to) || Double.isInfinite(from) || Double.isInfinite(to)) { // also rejects NaN
      throw new IllegalArgumentException(
          "a range from less to more, not %s..%s".formatted(from, to));
    }
  }

  /**
   * Reads {@code 0.85..1.2}.
   *
   * @param text minimum and maximum
   * @return the range
   * @throws IllegalArgumentException if the text is no range
   */
  public static Range parse(String text) {
    Matcher numbers = FROM_TO.matcher(text);
    if (!numbers.matches()) {
      throw new IllegalArgumentException("two numbers, such as 0.85..1.2, not " + text);
    }
    return new Range(Double.parseDouble(numbers.group(1)), Double.parseDouble(numbers.group(2)));
  }

  static Range exactly(double value) {
    return new Range(value, value);
  }

  boolean isWithin(Range limits) {
    return from >= limits.from && to <= limits.to;
  }

  @Override
  public String toString() {
    return from + ".." + to;
  }
}
