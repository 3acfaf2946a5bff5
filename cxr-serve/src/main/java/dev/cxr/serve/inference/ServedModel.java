package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * A bundle's model, loaded and asked by many at once.
 *
 * <p>Pictures are decoded on the threads that {@link #load} is given, predicted in batches on a
 * thread of the model's own. All models of the process take turns at the engine: each batch has all
 * its cores, and DJL collects gradients for one at a time.
 */
public final class ServedModel implements AutoCloseable {

  /** Of {@link PredictionResult#image}. */
  static final int MAX_IMAGE_SIDE = 768;

  private static final ReentrantLock ENGINE_LOCK = new ReentrantLock(true);

  private final Bundle bundle;
  private final BatchSettings batchSettings;
  private final Classifier classifier;
  private final Explainer explainer;
  private final Executor decodeExecutor;
  private final IntConsumer batchSizeListener;
  private final Semaphore slots;
  private final Batcher<PredictionRequest> batcher;

  /** A decoded picture, as it is shown and as the network sees it, and who waits. */
  private record PredictionRequest(
      GrayImage displayImage,
      GrayImage inputImage,
      Set<PredictionDetail> details,
      PredictionCallback callback) {}

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
    this.explainer = Explainer.of(bundle, classifier);
    this.decodeExecutor = decodeExecutor;
    this.batchSizeListener = batchSizeListener;
    this.slots = new Semaphore(batchSettings.capacity());
    this.batcher =
        new Batcher<>("predict-" + bundle.manifest().name(), batchSettings, this::processBatch);
  }

  /**
   * Loads a bundle, has it predict its golden picture and runs everything once.
   *
   * @param decodeExecutor where pictures are decoded
   * @param batchSizeListener is told the size of every batch
   * @throws UserErrorException if the bundle does not load or does not predict its golden picture
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

  /** The name that requests ask for it by. */
  public String name() {
    return bundle.manifest().name();
  }

  /** The bundle's id, which tells one training from another. */
  public String version() {
    return bundle.id();
  }

  /** What it was loaded from. */
  public Bundle bundle() {
    return bundle;
  }

  /** How its requests are gathered. */
  public BatchSettings batchSettings() {
    return batchSettings;
  }

  /** How many decoded pictures wait for the engine. */
  public int queueSize() {
    return batcher.queued();
  }

  /** Whether the next picture would be refused: worth asking before a long body is read. */
  public boolean isFull() {
    return slots.availablePermits() == 0;
  }

  /**
   * Asks about a picture; returns at once.
   *
   * @param imageFile the bytes of an image file
   * @param callback is told at once if the queue is full, else later
   */
  public void predictAsync(
      byte[] imageFile, Set<PredictionDetail> details, PredictionCallback callback) {
    if (!slots.tryAcquire()) {
      callback.onFailure(new QueueFullException());
      return;
    }
    batcher.expectItem();
    decodeExecutor.execute(() -> decode(imageFile, details, new QueueSlot(callback)));
  }

  /** Frees the asker's place in the queue before it is told, so that it may ask again. */
  private final class QueueSlot implements PredictionCallback {

    private final PredictionCallback callback;
    private boolean released;

    QueueSlot(PredictionCallback callback) {
      this.callback = callback;
    }

    @Override
    public void onResult(PredictionResult result) {
      if (release()) {
        callback.onResult(result);
      }
    }

    @Override
    public void onFailure(Throwable reason) {
      if (release()) {
        callback.onFailure(reason);
      }
    }

    private synchronized boolean release() {
      boolean first = !released;
      released = true;
      if (first) {
        slots.release();
      }
      return first;
    }
  }

  private void decode(
      byte[] imageFile, Set<PredictionDetail> details, PredictionCallback callback) {
    try {
      int side = bundle.manifest().input().side();
      GrayImage image = ImageDecoder.decode(imageFile);
      GrayImage inputImage = Resampler.resize(image, side, side);
      GrayImage displayImage =
          details.contains(PredictionDetail.IMAGE) ? downscaled(image) : inputImage;
      batcher.put(new PredictionRequest(displayImage, inputImage, details, callback));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      batcher.cancelExpected();
      callback.onFailure(e);
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

  /** Those who asked for probabilities alone do not wait for the explanations of others. */
  private void processBatch(List<PredictionRequest> batch) {
    batchSizeListener.accept(batch.size());
    try {
      List<PredictionResult> results = predict(batch);
      for (int i = 0; i < batch.size(); i++) {
        if (batch.get(i).details().isEmpty()) {
          batch.get(i).callback().onResult(results.get(i));
        }
      }
      for (int i = 0; i < batch.size(); i++) {
        PredictionRequest request = batch.get(i);
        if (!request.details().isEmpty()) {
          request.callback().onResult(withDetails(request, results.get(i)));
        }
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      batch.forEach(request -> request.callback().onFailure(e)); // those who were not told yet
    }
  }

  private List<PredictionResult> predict(List<PredictionRequest> batch) {
    double[][] probabilities;
    ENGINE_LOCK.lock();
    try {
      probabilities =
          classifier.probabilities(batch.stream().map(PredictionRequest::inputImage).toList());
    } finally {
      ENGINE_LOCK.unlock();
    }
    List<PredictionResult> results = new ArrayList<>();
    for (double[] row : probabilities) {
      results.add(
          new PredictionResult(
              Arrays.stream(row).boxed().toList(), Optional.empty(), Optional.empty()));
    }
    return results;
  }

  private PredictionResult withDetails(PredictionRequest request, PredictionResult result) {
    Optional<PredictionResult.Explanation> explanation = Optional.empty();
    if (request.details().contains(PredictionDetail.EXPLANATION)) {
      ENGINE_LOCK.lock();
      try {
        explanation = Optional.of(explainer.explain(request.inputImage(), result.probabilities()));
      } finally {
        ENGINE_LOCK.unlock();
      }
    }
    Optional<GrayImage> image =
        request.details().contains(PredictionDetail.IMAGE)
            ? Optional.of(request.displayImage())
            : Optional.empty();
    return new PredictionResult(result.probabilities(), explanation, image);
  }

  /** The probability that the operating threshold is for. */
  public double positiveProbability(PredictionResult result) {
    double[] probabilities = result.probabilities().stream().mapToDouble(p -> p).toArray();
    return bundle.manifest().task().positiveProbability(probabilities);
  }

  /** What is called at the bundle's operating threshold: the positive class or the first one. */
  public String decision(PredictionResult result) {
    Manifest manifest = bundle.manifest();
    return positiveProbability(result) >= manifest.threshold().value()
        ? manifest.positiveClass()
        : manifest.classes().get(0);
  }

  /** Finishes the batch that is being predicted and frees the model. */
  @Override
  public void close() {
    batcher.close();
    classifier.close();
  }
}
