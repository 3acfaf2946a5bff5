package dev.cxr.data.dataset;

/** Derives independent seeds from one, so that random choices share no generator. */
public final class SeedDerivation {

  private SeedDerivation() {}

  /**
   * Derives a seed with the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
   *
   * @param parts such as run seed, epoch and index; their order matters
   * @return a seed that depends only on the parts
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
