package dev.cxr.data.dataset;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The thread that makes batches while the engine works on the one before.
 *
 * <p>One is enough: it makes batches many times faster than a network uses them, and more would
 * only take the engine's cores.
 */
public final class PrefetchThread implements AutoCloseable {

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "batches");
            thread.setDaemon(true);
            return thread;
          });

  /** To hand to {@link ChestXrayDataset#epoch} and {@link ChestXrayDataset#inOrder}. */
  public ExecutorService executor() {
    return executor;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
