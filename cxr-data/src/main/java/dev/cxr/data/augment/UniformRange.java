package dev.cxr.data.augment;

import java.math.BigDecimal;
import java.util.SplittableRandom;

/**
 * A range as its center and half width, for uniform sampling.
 *
 * <p>Both are computed in decimal: {@code 0.9..1.1} is exactly 1 ± 0.1. Published results depend on
 * it.
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
