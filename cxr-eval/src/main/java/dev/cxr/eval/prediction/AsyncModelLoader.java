package dev.cxr.eval.prediction;

import ai.djl.engine.Engine;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A bundle's network while the engine starts and loads it, beside the reading of bundle and
 * pictures.
 */
public final class AsyncModelLoader implements AutoCloseable {

  private final CompletableFuture<Bundle> bundle = new CompletableFuture<>();
  private final FutureTask<Classifier> classifier =
      new FutureTask<>(
          () -> {
            Engine.getEngine("PyTorch");
            return Classifier.load(bundle.get());
          });

  private AsyncModelLoader() {}

  /** Starts the engine, which then waits for the bundle. */
  public static AsyncModelLoader start() {
    AsyncModelLoader loading = new AsyncModelLoader();
    Thread thread = new Thread(loading.classifier, "loading");
    thread.setDaemon(true); // where there is no bundle nobody waits for the engine
    thread.start();
    return loading;
  }

  /** Begins to load: {@link Classifier#load}. */
  public void load(Bundle from) {
    bundle.complete(from);
  }

  /**
   * The network, once it is there.
   *
   * @throws dev.cxr.common.cli.UserErrorException if it does not load as the bundle promises
   */
  public Classifier await() throws IOException {
    return ParallelInference.getResult(classifier);
  }

  /** Closes the network, which may have to arrive first. */
  @Override
  public void close() throws IOException {
    if (!bundle.isDone()) {
      return;
    }
    Classifier loaded;
    try {
      loaded = classifier.get();
    } catch (ExecutionException e) {
      return; // await() tells why, and nobody awaits it after another failure
    } catch (InterruptedException e) {
      throw ParallelInference.interruptedException();
    }
    loaded.close();
  }
}
