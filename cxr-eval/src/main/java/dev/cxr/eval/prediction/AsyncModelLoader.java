package dev.cxr.eval.prediction;

import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Starts the engine and loads a bundle's network in the background. */
public final class AsyncModelLoader implements AutoCloseable {

  /** Images at their original size, statistics and the report, measured. */
  private static final long OTHER_BYTES = 256L << 20;

  private final CompletableFuture<Classifier> classifier = new CompletableFuture<>();

  private AsyncModelLoader() {}

  /**
   * Begins to load a bundle: {@link Classifier#load}.
   *
   * @param bundle the bundle
   * @return the loader, to be closed
   */
  public static AsyncModelLoader start(Bundle bundle) {
    AsyncModelLoader loader = new AsyncModelLoader();
    new Thread(() -> loader.load(bundle), "model-loader").start();
    return loader;
  }

  private void load(Bundle bundle) {
    try {
      Classifier loaded = Classifier.load(bundle);
      loaded.checkMemory(BatchPredictor.BATCH_SIZE, OTHER_BYTES, "Choose a smaller model.");
      classifier.complete(loaded);
    } catch (IOException | RuntimeException | Error e) {
      classifier.completeExceptionally(e); // await() throws it
    }
  }

  /**
   * {@return the network, once it is loaded}
   *
   * @throws dev.cxr.common.cli.UserErrorException if the bundle is damaged
   * @throws IOException if a file cannot be read, or the current thread is interrupted
   */
  public Classifier await() throws IOException {
    return ParallelInference.getResult(classifier);
  }

  /** Closes the network. Waits until it is loaded, even if the current thread is interrupted. */
  @Override
  public void close() {
    boolean unused =
        classifier
            .handle(
                (loaded, failure) -> {
                  if (failure == null) {
                    loaded.close();
                  }
                  return true;
                })
            .join();
  }
}
