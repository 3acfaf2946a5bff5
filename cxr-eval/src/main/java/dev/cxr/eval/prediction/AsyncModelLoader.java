package dev.cxr.eval.prediction;

import ai.djl.engine.Engine;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Starts the engine and loads a bundle's network in the background. */
public final class AsyncModelLoader implements AutoCloseable {

  private final CompletableFuture<Bundle> bundle = new CompletableFuture<>();
  private final FutureTask<Classifier> classifier =
      new FutureTask<>(
          () -> {
            Engine.getEngine("PyTorch");
            return Classifier.load(bundle.get());
          });

  private AsyncModelLoader() {}

  /** {@return a loader whose engine starts now and then waits for the bundle} */
  public static AsyncModelLoader start() {
    AsyncModelLoader loader = new AsyncModelLoader();
    Thread thread = new Thread(loader.classifier, "model-loader");
    thread.setDaemon(true); // without a bundle it would wait for ever
    thread.start();
    return loader;
  }

  /**
   * Begins to load a bundle: {@link Classifier#load}.
   *
   * @param from the bundle
   */
  public void load(Bundle from) {
    bundle.complete(from);
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
    if (!bundle.isDone()) {
      return;
    }
    boolean interrupted = false;
    while (true) {
      try {
        classifier.get().close();
        break;
      } catch (ExecutionException e) {
        break; // await() reports it
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
