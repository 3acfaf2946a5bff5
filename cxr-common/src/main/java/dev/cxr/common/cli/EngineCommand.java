package dev.cxr.common.cli;

import dev.cxr.common.runtime.Workload;
import java.util.concurrent.Callable;

/**
 * A command that starts the DJL engine; it answers its exit code.
 *
 * <p>{@link CliApplication} re-launches such a command once with the memory settings that make the
 * engine fast, and keeps the engine from looking for anything on the network.
 */
public interface EngineCommand extends Callable<Integer> {

  /** {@return what it spends its time on} */
  default Workload workload() {
    return Workload.MIXED;
  }
}
