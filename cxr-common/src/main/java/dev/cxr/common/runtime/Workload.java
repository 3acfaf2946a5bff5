package dev.cxr.common.runtime;

import dev.cxr.common.cli.CliApplication;

/**
 * What a command spends its time on, by which {@link CliApplication} chooses how its JVM is to run.
 */
public enum Workload {
  /**
   * Minutes at most, nearly all of them in the network. What the JVM compiles takes processors from
   * it: the fast compiler is enough.
   */
  INFERENCE_ONLY,

  /**
   * Minutes, of which loops of Java's own take their part. The best compiler is for those that run
   * long.
   */
  MIXED,

  /**
   * Perhaps hours, as a training or a server does. Code as fast as it gets counts, and memory that
   * stays as it is; the seconds that these two take do not.
   */
  LONG_RUNNING
}
