package dev.cxr.data.dataset;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A daemon thread that prepares images while the engine works on the batch before.
 *
 * <p>One thread is many times faster than a network; more would compete with the engine for cores.
 */
public final class PrefetchThread implements AutoCloseable {

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "batches");
            thread.setDaemon(true);
            return thread;
          });

  /** {@return the executor for {@link ChestXrayDataset#epoch} and its like} */
  public ExecutorService executor() {
    return executor;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
