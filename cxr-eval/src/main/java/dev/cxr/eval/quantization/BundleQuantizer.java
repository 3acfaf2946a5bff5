package dev.cxr.eval.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.Quantization;
import dev.cxr.models.engine.Precision;
import dev.cxr.models.onnx.Int8Quantizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Makes a bundle with an int8 variant of its model, if the variant predicts as float32 does. */
public final class BundleQuantizer {

  /** More changed no range of activations by much. */
  private static final int CALIBRATION_IMAGES = 256;

  private static final int BATCH_SIZE = 8;

  private static final int TIMED_RUNS = 5;

  private static final String METHOD =
      "Weights per channel, activations per tensor by their least and greatest value; dense layers"
          + " are float32";

  private BundleQuantizer() {}

  /**
   * Writes the new bundle into an empty folder.
   *
   * @param base a bundle
   * @param dataset opened with that bundle's validation rule
   * @param folder an empty folder
   * @return the comparison of both precisions
   * @throws UserErrorException if the variant predicts otherwise, or is not faster; or there are no
   *     training or validation images, or the model has no ONNX form
   * @throws IOException if an image cannot be read or the folder cannot be written
   */
  public static Quantization write(Bundle base, DatasetIndex dataset, Path folder)
      throws IOException {
    Manifest manifest = base.manifest();
    DatasetIndex taskDataset = TaskFilter.apply(dataset, manifest.task());
    TaskFilter.requireImages(taskDataset, Split.TRAIN, "Give a dataset with a train split.");
    TaskFilter.requireImages(
        taskDataset, Split.VALIDATION, "Give a dataset with more patients in its train split.");
    ImageStore images =
        ImageStore.open(
            taskDataset, EnumSet.of(Split.TRAIN, Split.VALIDATION), manifest.input().side());
    Precision.FLOAT32.use();
    try (Classifier classifier = Classifier.load(base)) {
      BatchPredictor predictor = new BatchPredictor(classifier, manifest.task());
      List<GrayImage> calibration = calibrationImages(images);
      ByteBuffer int8Model = quantize(classifier, calibration);
      List<ImagePrediction> float32 = predictor.predict(images, EnumSet.of(Split.VALIDATION));
      double float32Speed = imagesPerSecond(classifier, calibration);
      classifier.useInt8(int8Model);
      List<ImagePrediction> int8 = predictor.predict(images, EnumSet.of(Split.VALIDATION));
      Quantization quantization =
          new Quantization(
              base.id(),
              METHOD,
              calibration.size(),
              int8.size(),
              auroc(manifest, float32),
              auroc(manifest, int8),
              changedDecisions(manifest, float32, int8),
              float32Speed,
              imagesPerSecond(classifier, calibration));
      require(quantization);
      GrayImage reference = ImageDecoder.decode(base.folder().resolve(Bundle.REFERENCE_IMAGE));
      BundleWriter.writeQuantized(
          folder,
          manifest.withQuantization(quantization),
          int8Model,
          classifier.probabilities(List.of(reference))[0],
          base);
      return quantization;
    }
  }

  /** Evenly spread over the training images. */
  private static List<GrayImage> calibrationImages(ImageStore images) {
    List<Xray> xrays = images.index().xrays();
    int[] training =
        IntStream.range(0, xrays.size()).filter(i -> xrays.get(i).split() == Split.TRAIN).toArray();
    int count = Math.min(CALIBRATION_IMAGES, training.length);
    return IntStream.range(0, count)
        .mapToObj(i -> images.image(training[(int) ((long) i * training.length / count)]))
        .toList();
  }

  private static ByteBuffer quantize(Classifier classifier, List<GrayImage> images)
      throws IOException {
    try (Int8Quantizer quantizer = classifier.quantizer();
        Progress progress = Progress.start("Measuring activations", " images", images.size())) {
      for (int from = 0; from < images.size(); from += BATCH_SIZE) {
        List<GrayImage> part = images.subList(from, Math.min(from + BATCH_SIZE, images.size()));
        try (NDManager scope = classifier.manager().newSubManager()) {
          NDArray batch = classifier.toBatch(scope, part);
          quantizer.add(batch.toByteBuffer().asFloatBuffer());
        }
        progress.step(part.size(), "");
      }
      return quantizer.quantize();
    }
  }

  private static double imagesPerSecond(Classifier classifier, List<GrayImage> images) {
    List<GrayImage> part = images.subList(0, Math.min(2 * BATCH_SIZE, images.size()));
    long fastest = Long.MAX_VALUE;
    try (NDManager scope = classifier.manager().newSubManager()) {
      NDArray batch = classifier.toBatch(scope, part);
      for (int run = 0; run < TIMED_RUNS; run++) {
        try (NDManager runScope = scope.newSubManager()) {
          NDArray own = batch.duplicate();
          own.attach(runScope);
          long start = System.nanoTime();
          classifier.probabilities(own);
          fastest = Math.min(fastest, System.nanoTime() - start);
        }
      }
    }
    return part.size() / (fastest / 1e9);
  }

  private static double auroc(Manifest manifest, List<ImagePrediction> predictions) {
    LabelledScores scores = EvaluationMetrics.scores(manifest.task(), predictions);
    if (RankingMetrics.of(scores).auroc() instanceof Estimate.Defined auroc) {
      return auroc.value();
    }
    throw UserErrorException.of(
        "validation images of both classes, on which int8 is compared with float32",
        "%d images of one class".formatted(predictions.size()),
        "Give a dataset with more patients in its train split.");
  }

  private static int changedDecisions(
      Manifest manifest, List<ImagePrediction> float32, List<ImagePrediction> int8) {
    double threshold = manifest.threshold().value();
    return (int)
        IntStream.range(0, float32.size())
            .filter(
                i ->
                    float32.get(i).positiveProbability(manifest.task()) >= threshold
                        != int8.get(i).positiveProbability(manifest.task()) >= threshold)
            .count();
  }

  private static void require(Quantization quantization) {
    if (!quantization.agrees()) {
      throw UserErrorException.of(
          "an AUROC within .001 of %.4f and at most %d changed decisions on %d validation images"
              .formatted(
                  quantization.float32Auroc(),
                  quantization.allowedChanges(),
                  quantization.validationImages()),
          String.format(
              Locale.ROOT,
              "an AUROC of %.4f and %d changed decisions with int8",
              quantization.int8Auroc(),
              quantization.changedDecisions()),
          "Use the bundle with float32. Nothing was written.");
    }
    if (!quantization.isFaster()) {
      throw UserErrorException.of(
          String.format(
              Locale.ROOT,
              "int8 to be faster than float32 on this machine, %.1f images per second",
              quantization.float32ImagesPerSecond()),
          String.format(Locale.ROOT, "%.1f", quantization.int8ImagesPerSecond()),
          "Use float32, or quantize on the machine that will predict. Nothing was written.");
    }
  }
}
