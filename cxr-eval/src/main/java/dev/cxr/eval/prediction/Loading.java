package dev.cxr.eval.prediction;

import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A bundle's network while the engine starts and loads it, beside the reading of pictures. */
public final class Loading implements AutoCloseable {

  private final FutureTask<Classifier> classifier;

  private Loading(FutureTask<Classifier> classifier) {
    this.classifier = classifier;
  }

  /** Begins to load: {@link Classifier#load}. */
  public static Loading start(Bundle bundle) {
    FutureTask<Classifier> task = new FutureTask<>(() -> Classifier.load(bundle));
    new Thread(task, "loading").start();
    return new Loading(task);
  }

  /**
   * The network, once it is there.
   *
   * @throws dev.cxr.data.shell.Refusal if it does not load as the bundle promises
   */
  public Classifier await() throws IOException {
    return Streams.outcome(classifier);
  }

  /** Closes the network, which may have to arrive first. */
  @Override
  public void close() throws IOException {
    boolean failed = false;
    try {
      classifier.get();
    } catch (ExecutionException e) {
      failed = true; // await() tells why, and nobody awaits it after another failure
    } catch (InterruptedException e) {
      throw Streams.interrupted();
    }
    if (!failed) {
      await().close();
    }
  }
}
