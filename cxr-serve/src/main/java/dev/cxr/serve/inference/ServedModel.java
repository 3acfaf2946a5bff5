package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.Prediction;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.engine.Computation;
import dev.cxr.serve.inference.BundlePredictor.DecodedInput;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * A loaded bundle that predicts images for many concurrent callers.
 *
 * <p>Images are decoded on the executor given to {@link #load} and predicted in batches on the
 * model's own thread.
 */
public final class ServedModel implements AutoCloseable {

  /** For so long after a batch a check predicts nothing. */
  private static final Duration RECENT = Duration.ofSeconds(5);

  /** For so long after a batch a model without a free place is busy, not stuck. */
  private static final Duration BUSY = Duration.ofSeconds(30);

  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);

  private final Bundle bundle;
  private final BatchSettings batchSettings;
  private final BundlePredictor predictor;
  private final Executor decodeExecutor;
  private final IntConsumer batchSizeListener;
  private final Semaphore slots;
  private final Batcher<PredictionRequest> batcher;
  private final byte[] referenceImage;
  private volatile boolean failed;
  private volatile long lastSuccessNanos = System.nanoTime() - BUSY.toNanos(); // none yet
  private CompletableFuture<Boolean> healthCheck = CompletableFuture.completedFuture(true);

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
    this.referenceImage = Files.readAllBytes(bundle.folder().resolve("golden.png"));
    this.predictor =
        BundlePredictor.load(
            bundle,
            batchSettings.batchSize(),
            "Choose a smaller --batch-size, or a smaller model.");
    warmUp();
    this.decodeExecutor = decodeExecutor;
    this.batchSizeListener = batchSizeListener;
    this.slots = new Semaphore(batchSettings.capacity());
    this.batcher =
        new Batcher<>(
            "predict-" + bundle.manifest().name(), batchSettings, this::processBatch, this::fail);
  }

  /** Loads what predicts single images and what predicts batches. */
  private void warmUp() throws IOException {
    DecodedInput reference = predictor.decode(referenceImage, PredictionDetail.NONE);
    predictor.predict(List.of(reference));
    predictor.predict(Collections.nCopies(batchSettings.batchSize(), reference));
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

  /** {@return how its probabilities are computed} */
  public Computation computation() {
    return predictor.computation();
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

  /**
   * {@return whether the last {@link #checkHealth} succeeded, and no {@link Error} other than
   * out-of-memory has occurred since the last batch}
   */
  public boolean isHealthy() {
    return !failed && batcher.isAlive();
  }

  /**
   * Checks that the model predicts: true if a batch has succeeded within the last seconds, else
   * after a prediction of the bundle's reference image, through the same queue as all others. A
   * model that is too busy for it is healthy as long as its batches succeed.
   *
   * @return completes within two seconds
   */
  public CompletableFuture<Boolean> checkHealth() {
    if (isHealthy() && succeededWithin(RECENT)) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> prediction;
    synchronized (this) { // one at a time
      if (healthCheck.isDone()) {
        healthCheck =
            predict(referenceImage, PredictionDetail.NONE)
                .handle((result, failure) -> failure == null || isBusy(failure));
      }
      prediction = healthCheck;
    }
    return prediction
        .copy()
        .orTimeout(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(timeout -> succeededWithin(BUSY))
        .thenApply(
            healthy -> {
              failed = !healthy;
              return healthy;
            });
  }

  private boolean isBusy(Throwable failure) {
    Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
    return reason instanceof QueueFullException && succeededWithin(BUSY);
  }

  private boolean succeededWithin(Duration time) {
    return System.nanoTime() - lastSuccessNanos < time.toNanos();
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
    lastSuccessNanos = System.nanoTime();
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
