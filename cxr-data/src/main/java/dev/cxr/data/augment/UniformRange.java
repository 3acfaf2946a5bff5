package dev.cxr.data.augment;

import java.math.BigDecimal;
import java.util.SplittableRandom;

/**
 * A range as its middle and how far it reaches to either side, to draw from evenly.
 *
 * <p>Both are worked out in decimal: {@code 0.9..1.1} is 1 ± 0.1, as it was written, to the last
 * bit. Figures rest on draws that were made that way.
 */
record UniformRange(double center, double halfWidth) {

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  static UniformRange of(Range range) {
    BigDecimal from = BigDecimal.valueOf(range.from());
    BigDecimal to = BigDecimal.valueOf(range.to());
    return new UniformRange(
        from.add(to).divide(TWO).doubleValue(), to.subtract(from).divide(TWO).doubleValue());
  }

  double sample(SplittableRandom random) {
    return center + halfWidth * (2 * random.nextDouble() - 1);
  }
}
