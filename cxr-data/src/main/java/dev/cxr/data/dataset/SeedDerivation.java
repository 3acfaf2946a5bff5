package dev.cxr.data.dataset;

/** Independent seeds from one: every draw names what it is for instead of sharing a generator. */
public final class SeedDerivation {

  private SeedDerivation() {}

  /**
   * A seed that is fixed by its parts and unlike that of any other parts.
   *
   * <p>Each part goes through the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
   *
   * @param parts such as run seed, epoch, index
   */
  public static long derive(long... parts) {
    long z = 0;
    for (long part : parts) {
      z = (z ^ part) + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
    }
    return z;
  }
}
