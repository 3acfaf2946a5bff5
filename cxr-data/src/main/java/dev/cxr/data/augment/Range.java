package dev.cxr.data.augment;

/**
 * The least and the most of an amount. In a recipe a list of two numbers, {@code [0.85, 1.2]}; as
 * an option {@code 0.85..1.2}.
 *
 * @param from the least, a finite number
 * @param to the most, a finite number not below {@code from}
 */
public record Range(double from, double to) {

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if {@code from} is above {@code to} or either is no finite
   *     number
   */
  public Range {
    if (!(from <= to) || Double.isInfinite(from) || Double.isInfinite(to)) { // NaN is refused too
      throw new IllegalArgumentException(
          "a range from less to more, not %s..%s".formatted(from, to));
    }
  }

  /** The range of one value. */
  static Range exactly(double value) {
    return new Range(value, value);
  }

  boolean isWithin(Range limits) {
    return from >= limits.from && to <= limits.to;
  }

  /** As options write it. */
  @Override
  public String toString() {
    return from + ".." + to;
  }
}
