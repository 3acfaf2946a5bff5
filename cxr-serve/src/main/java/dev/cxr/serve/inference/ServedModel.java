package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.Prediction;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.inference.BundlePredictor.DecodedInput;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/**
 * A loaded bundle that predicts images for many concurrent callers.
 *
 * <p>Images are decoded on the executor given to {@link #load} and predicted in batches on the
 * model's own thread.
 */
public final class ServedModel implements AutoCloseable {

  private final Bundle bundle;
  private final BatchSettings batchSettings;
  private final BundlePredictor predictor;
  private final Executor decodeExecutor;
  private final IntConsumer batchSizeListener;
  private final Semaphore slots;
  private final Batcher<PredictionRequest> batcher;
  private volatile boolean failed;

  private record PredictionRequest(
      DecodedInput image, CompletableFuture<PredictionResult> future) {}

  private ServedModel(
      Bundle bundle,
      BatchSettings batchSettings,
      Executor decodeExecutor,
      IntConsumer batchSizeListener)
      throws IOException {
    this.bundle = bundle;
    this.batchSettings = batchSettings;
    this.predictor = BundlePredictor.load(bundle);
    this.decodeExecutor = decodeExecutor;
    this.batchSizeListener = batchSizeListener;
    this.slots = new Semaphore(batchSettings.capacity());
    this.batcher =
        new Batcher<>(
            "predict-" + bundle.manifest().name(), batchSettings, this::processBatch, this::fail);
  }

  /**
   * Loads a bundle, checks its reference prediction and warms it up.
   *
   * @param bundle the bundle to load
   * @param batchSettings limits of batches and of the queue
   * @param decodeExecutor decodes images
   * @param batchSizeListener receives the size of every batch
   * @return the model, which must be closed
   * @throws UserErrorException if the bundle does not load or fails its reference prediction
   * @throws IOException if a file cannot be read
   */
  public static ServedModel load(
      Bundle bundle,
      BatchSettings batchSettings,
      Executor decodeExecutor,
      IntConsumer batchSizeListener)
      throws IOException {
    return new ServedModel(bundle, batchSettings, decodeExecutor, batchSizeListener);
  }

  /** {@return the model's name, which is part of the URL} */
  public String name() {
    return bundle.manifest().name();
  }

  /** {@return the bundle's id} */
  public String version() {
    return bundle.id();
  }

  /** {@return the bundle that it was loaded from} */
  public Bundle bundle() {
    return bundle;
  }

  /** {@return the settings given to {@link #load}} */
  public BatchSettings batchSettings() {
    return batchSettings;
  }

  /** {@return the number of decoded images that wait for the engine} */
  public int queueSize() {
    return batcher.queued();
  }

  /**
   * {@return whether the next request would be rejected}
   *
   * <p>Check it before reading a long body.
   */
  public boolean isFull() {
    return slots.availablePermits() == 0;
  }

  /** {@return false after an {@link Error} other than out-of-memory, until a batch succeeds} */
  public boolean isHealthy() {
    return !failed && batcher.isAlive();
  }

  /**
   * Predicts an image; returns at once. Actions that depend on the future must be short: they run
   * on a thread that serves all requests.
   *
   * @param imageFile content of a JPEG, PNG, TIFF or DICOM file
   * @param detail the optional parts of the result
   * @return fails with {@link QueueFullException}, or {@link
   *     dev.cxr.data.image.InvalidImageException} if the file is not a valid image; any other
   *     failure is unexpected
   */
  public CompletableFuture<PredictionResult> predict(byte[] imageFile, PredictionDetail detail) {
    if (!slots.tryAcquire()) {
      return CompletableFuture.failedFuture(new QueueFullException());
    }
    CompletableFuture<PredictionResult> future = new CompletableFuture<>();
    // The slot is free before callers see the result, so that they can send another request.
    CompletableFuture<PredictionResult> released =
        future.whenComplete((result, failure) -> slots.release());
    batcher.expectItem();
    try {
      decodeExecutor.execute(() -> decode(imageFile, detail, future));
    } catch (RejectedExecutionException e) { // closed
      batcher.cancelExpected();
      future.completeExceptionally(e);
    }
    return released;
  }

  private void decode(
      byte[] imageFile, PredictionDetail detail, CompletableFuture<PredictionResult> future) {
    try {
      batcher.put(new PredictionRequest(predictor.decode(imageFile, detail), future));
    } catch (Throwable e) { // an Error too: otherwise its slot would never be free again
      batcher.cancelExpected();
      future.completeExceptionally(e);
    }
  }

  /** Completes requests without details first: they do not wait for explanations of others. */
  private void processBatch(List<PredictionRequest> batch) {
    batchSizeListener.accept(batch.size());
    List<Prediction> predictions =
        predictor.predict(batch.stream().map(PredictionRequest::image).toList());
    failed = false; // before a caller sees the result
    for (boolean detailed : new boolean[] {false, true}) {
      for (int i = 0; i < batch.size(); i++) {
        PredictionRequest request = batch.get(i);
        if ((request.image().detail() == PredictionDetail.NONE) != detailed) {
          request.future().complete(predictor.withDetails(request.image(), predictions.get(i)));
        }
      }
    }
  }

  private void fail(List<PredictionRequest> batch, Throwable reason) {
    failed = reason instanceof Error && !(reason instanceof OutOfMemoryError);
    batch.forEach(r -> r.future().completeExceptionally(reason));
  }

  /** Completes the current batch and releases the model. */
  @Override
  public void close() {
    batcher.close();
    predictor.close();
  }
}
