package dev.cxr.common.runtime;

/** What a command spends its time on; the command line chooses JVM options by it. */
public enum Workload {
  /**
   * Minutes at most, nearly all of them in the network. The JIT compiler competes with it for
   * cores: C1 is enough.
   */
  INFERENCE_ONLY,

  /** Minutes, partly in Java loops. C2 compiles only loops that run long. */
  MIXED,

  /**
   * Possibly hours, such as a training or a server. Full compilation and constant memory use are
   * worth a few seconds at the start.
   */
  LONG_RUNNING
}
