package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.Classifier;
import dev.cxr.models.Heatmap;
import dev.cxr.models.Prediction;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.engine.Computation;
import dev.cxr.models.ood.OutOfDistributionScorer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A loaded bundle that decodes images and predicts batches of them on the thread of its caller.
 *
 * <p>Thread-safe. Only one model of the process uses the engine at a time: each batch gets all
 * cores, and DJL supports one gradient collector at a time. The same batch always gets the same
 * probabilities; those of an image may differ in the last digits between batches.
 */
public final class BundlePredictor implements AutoCloseable {

  private static final ReentrantLock ENGINE_LOCK = new ReentrantLock(true);

  private final Manifest manifest;
  private final Classifier classifier;
  private final Optional<OutOfDistributionScorer> scorer;
  private final boolean supportsHeatmap;

  /**
   * A decoded image.
   *
   * @param input at the size of the network's input
   * @param display at the size for display, if {@code detail} includes the image
   * @param detail what its result contains
   */
  public record DecodedInput(
      GrayImage input, Optional<GrayImage> display, PredictionDetail detail) {}

  private BundlePredictor(Bundle bundle, Classifier classifier) throws IOException {
    this.manifest = bundle.manifest();
    this.classifier = classifier;
    this.scorer = OutOfDistributionScorer.of(classifier);
    GrayImage reference = ImageDecoder.decode(bundle.folder().resolve("golden.png"));
    scorer.ifPresent(s -> s.score(reference)); // warms up
    this.supportsHeatmap = classifier.supportsGradCam() && canExplain(reference);
  }

  /**
   * Loads a bundle, checks its reference prediction and warms it up.
   *
   * @param bundle the bundle to load
   * @param batchSize the most images of a batch
   * @param remedy how to need less memory, as a full sentence
   * @return the predictor, which must be closed
   * @throws UserErrorException if the bundle does not load, fails its reference prediction, or
   *     needs far more memory than this process may use
   * @throws IOException if a file cannot be read
   */
  public static BundlePredictor load(Bundle bundle, int batchSize, String remedy)
      throws IOException {
    ENGINE_LOCK.lock();
    try {
      Classifier classifier = Classifier.load(bundle);
      try {
        classifier.checkMemory(batchSize, 0, remedy);
        return new BundlePredictor(bundle, classifier);
      } catch (RuntimeException | IOException e) {
        classifier.close();
        throw e;
      }
    } finally {
      ENGINE_LOCK.unlock();
    }
  }

  /** {@return how its probabilities are computed} */
  public Computation computation() {
    return classifier.computation();
  }

  /**
   * Decodes an image file and resizes it; does not use the engine.
   *
   * @param imageFile content of a JPEG, PNG, TIFF or DICOM file
   * @param detail what the result of {@link #predict} will contain
   * @return the image
   * @throws IOException if the file is not a valid image
   */
  public DecodedInput decode(byte[] imageFile, PredictionDetail detail) throws IOException {
    int side = manifest.input().side();
    GrayImage image = ImageDecoder.decode(imageFile, manifest.data().windowNumber());
    return new DecodedInput(
        Resampler.resize(image, side, side),
        detail == PredictionDetail.EXPLANATION_AND_IMAGE
            ? Optional.of(downscaled(image))
            : Optional.empty(),
        detail);
  }

  private static GrayImage downscaled(GrayImage image) {
    double factor =
        (double) PredictionResult.MAX_IMAGE_SIDE / Math.max(image.width(), image.height());
    return factor >= 1
        ? image
        : Resampler.resize(
            image,
            Math.max(1, (int) Math.round(image.width() * factor)),
            Math.max(1, (int) Math.round(image.height() * factor)));
  }

  /**
   * Predicts images as one batch, without details.
   *
   * @param images at least one
   * @return a prediction for each
   */
  public List<Prediction> predict(List<DecodedInput> images) {
    ENGINE_LOCK.lock();
    try {
      List<GrayImage> batch = images.stream().map(DecodedInput::input).toList();
      return Arrays.stream(classifier.probabilities(batch))
          .map(row -> Prediction.of(manifest, row))
          .toList();
    } finally {
      ENGINE_LOCK.unlock();
    }
  }

  /**
   * Adds the details that were requested with an image.
   *
   * @param image the image
   * @param prediction its prediction
   * @return the prediction with details
   */
  public PredictionResult withDetails(DecodedInput image, Prediction prediction) {
    if (image.detail() == PredictionDetail.NONE) {
      return new PredictionResult(prediction, Optional.empty(), Optional.empty(), Optional.empty());
    }
    GrayImage input = image.input();
    ENGINE_LOCK.lock();
    try {
      Optional<Heatmap> heatmap =
          supportsHeatmap
              ? Optional.of(heatmap(input, prediction.likeliestPositiveClass()))
              : Optional.empty();
      return new PredictionResult(
          prediction, heatmap, scorer.map(s -> s.score(input)), image.display());
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
      heatmap(image, manifest.classes().get(1));
      return true;
    } catch (UserErrorException e) {
      return false; // the last layer of this network has no feature maps
    }
  }

  /** Frees the model. */
  @Override
  public void close() {
    classifier.close();
  }
}
