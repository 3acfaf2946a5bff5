package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.Classifier;
import dev.cxr.models.Heatmap;
import dev.cxr.models.Prediction;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.ood.OutOfDistributionScorer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * A loaded bundle that predicts images for many concurrent callers.
 *
 * <p>Images are decoded on the executor given to {@link #load} and predicted in batches on the
 * model's own thread. Only one model of the process uses the engine at a time: each batch gets all
 * cores, and DJL supports one gradient collector at a time.
 */
public final class ServedModel implements AutoCloseable {

  /** Maximum width and height of {@link PredictionResult#image}. */
  static final int MAX_IMAGE_SIDE = 768;

  private static final ReentrantLock ENGINE_LOCK = new ReentrantLock(true);

  private final Bundle bundle;
  private final BatchSettings batchSettings;
  private final Classifier classifier;
  private final Optional<OutOfDistributionScorer> scorer;
  private final boolean supportsHeatmap;
  private final Executor decodeExecutor;
  private final IntConsumer batchSizeListener;
  private final Semaphore slots;
  private final Batcher<PredictionRequest> batcher;
  private volatile boolean failed;

  /** A decoded image, at the size for display and at the size for the network. */
  private record PredictionRequest(
      Optional<GrayImage> displayImage,
      GrayImage inputImage,
      PredictionDetail detail,
      CompletableFuture<PredictionResult> future) {}

  private ServedModel(
      Bundle bundle,
      BatchSettings batchSettings,
      Classifier classifier,
      Executor decodeExecutor,
      IntConsumer batchSizeListener)
      throws IOException {
    this.bundle = bundle;
    this.batchSettings = batchSettings;
    this.classifier = classifier;
    this.scorer = OutOfDistributionScorer.of(classifier);
    GrayImage reference = ImageDecoder.decode(bundle.folder().resolve("golden.png"));
    scorer.ifPresent(s -> s.score(reference)); // warms up
    this.supportsHeatmap = classifier.supportsGradCam() && canExplain(reference);
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
    ENGINE_LOCK.lock();
    try {
      Classifier classifier = Classifier.load(bundle);
      try {
        return new ServedModel(
            bundle, batchSettings, classifier, decodeExecutor, batchSizeListener);
      } catch (RuntimeException | IOException e) {
        classifier.close();
        throw e;
      }
    } finally {
      ENGINE_LOCK.unlock();
    }
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
      int side = bundle.manifest().input().side();
      GrayImage image = ImageDecoder.decode(imageFile, bundle.manifest().data().windowNumber());
      GrayImage inputImage = Resampler.resize(image, side, side);
      Optional<GrayImage> displayImage =
          detail == PredictionDetail.EXPLANATION_AND_IMAGE
              ? Optional.of(downscaled(image))
              : Optional.empty();
      batcher.put(new PredictionRequest(displayImage, inputImage, detail, future));
    } catch (Throwable e) { // an Error too: otherwise its slot would never be free again
      batcher.cancelExpected();
      future.completeExceptionally(e);
    }
  }

  private static GrayImage downscaled(GrayImage image) {
    double factor = (double) MAX_IMAGE_SIDE / Math.max(image.width(), image.height());
    return factor >= 1
        ? image
        : Resampler.resize(
            image,
            Math.max(1, (int) Math.round(image.width() * factor)),
            Math.max(1, (int) Math.round(image.height() * factor)));
  }

  /** Completes requests without details first: they do not wait for explanations of others. */
  private void processBatch(List<PredictionRequest> batch) {
    batchSizeListener.accept(batch.size());
    List<Prediction> predictions = predict(batch);
    failed = false; // before a caller sees the result
    for (boolean detailed : new boolean[] {false, true}) {
      for (int i = 0; i < batch.size(); i++) {
        PredictionRequest request = batch.get(i);
        if ((request.detail() == PredictionDetail.NONE) != detailed) {
          request.future().complete(withDetails(request, predictions.get(i)));
        }
      }
    }
  }

  private void fail(List<PredictionRequest> batch, Throwable reason) {
    failed = reason instanceof Error && !(reason instanceof OutOfMemoryError);
    batch.forEach(r -> r.future().completeExceptionally(reason));
  }

  private List<Prediction> predict(List<PredictionRequest> batch) {
    List<GrayImage> images = batch.stream().map(PredictionRequest::inputImage).toList();
    ENGINE_LOCK.lock();
    try {
      return Arrays.stream(classifier.probabilities(images))
          .map(row -> Prediction.of(bundle.manifest(), row))
          .toList();
    } finally {
      ENGINE_LOCK.unlock();
    }
  }

  private PredictionResult withDetails(PredictionRequest request, Prediction prediction) {
    GrayImage input = request.inputImage();
    if (request.detail() == PredictionDetail.NONE) {
      return new PredictionResult(prediction, Optional.empty(), Optional.empty(), Optional.empty());
    }
    ENGINE_LOCK.lock();
    try {
      Optional<Heatmap> heatmap =
          supportsHeatmap
              ? Optional.of(heatmap(input, prediction.likeliestPositiveClass()))
              : Optional.empty();
      return new PredictionResult(
          prediction, heatmap, scorer.map(s -> s.score(input)), request.displayImage());
    } finally {
      ENGINE_LOCK.unlock();
    }
  }

  private Heatmap heatmap(GrayImage image, String className) {
    List<String> layers = classifier.convolutionalLayers();
    return new Heatmap(
        className, classifier.gradCam(image, className, layers.get(layers.size() - 1)));
  }

  private boolean canExplain(GrayImage image) {
    try {
      heatmap(image, bundle.manifest().classes().get(1));
      return true;
    } catch (UserErrorException e) {
      return false; // the last layer of this network has no feature maps
    }
  }

  /** Completes the current batch and releases the model. */
  @Override
  public void close() {
    batcher.close();
    classifier.close();
  }
}
