package dev.cxr.serve.support;

/** Whether the profile {@code soak} is on, in which tests run much longer. */
public final class Soak {

  /** On by {@code mvn verify -Psoak}. */
  public static final boolean ENABLED = Boolean.getBoolean("cxr.soak");

  private Soak() {}

  /** Returns the value for the active profile. */
  public static int choose(int normal, int soak) {
    return ENABLED ? soak : normal;
  }
}
