package dev.cxr.common.command;

import dev.cxr.common.runtime.Workload;
import java.util.concurrent.Callable;

/**
 * A command that starts the DJL engine and returns its exit code.
 *
 * <p>{@link CliApplication} runs it in a child process with faster allocator settings and without
 * network access of the engine.
 */
public interface EngineCommand extends Callable<Integer> {

  /** {@return what it spends its time on} */
  default Workload workload() {
    return Workload.MIXED;
  }

  /** {@return whether it reports problems of the engine's start itself, beside other findings} */
  default boolean reportsProblems() {
    return false;
  }
}
