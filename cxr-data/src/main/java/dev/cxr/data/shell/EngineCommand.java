package dev.cxr.data.shell;

import java.util.concurrent.Callable;

/**
 * A command that starts the DJL engine; it answers its exit code.
 *
 * <p>{@link Shell} re-launches such a command once with the memory settings that make the engine
 * fast, and keeps the engine from looking for anything on the network.
 */
public interface EngineCommand extends Callable<Integer> {

  /**
   * Whether it may work for hours, as a training or a server does. Then memory that stays as it is
   * counts, and code as fast as it gets; else the seconds that these two take.
   */
  default boolean mayTakeHours() {
    return false;
  }
}
