package dev.cxr.data.augment;

/**
 * The minimum and maximum of a value: {@code [0.85, 1.2]} in a recipe, {@code 0.85..1.2} as an
 * option.
 *
 * @param from the minimum, finite
 * @param to the maximum, finite, not below {@code from}
 */
public record Range(double from, double to) {

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
