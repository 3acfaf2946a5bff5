package dev.cxr.serve.support;

/**
 * Whether the profile {@code soak} is on: what every build tries a little of, it tries at length.
 */
public final class Soak {

  /** On by {@code mvn verify -Psoak}. */
  public static final boolean ENABLED = Boolean.getBoolean("cxr.soak");

  private Soak() {}

  /** One of two amounts. */
  public static int choose(int normal, int soak) {
    return ENABLED ? soak : normal;
  }
}
