package dev.cxr.train.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.data.index.Task;
import dev.cxr.eval.evaluation.LabelledPredictions;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.calibration.TemperatureScaling;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.train.learner.Learner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The predictions of a network for validation images.
 *
 * @param task whose classes these are
 * @param classes the probabilities of all classes, with the label of each image
 */
public record ValidationScores(Task task, LabelledProbabilities classes) {

  private ValidationScores(Task task, List<double[]> probabilities, int[] labels) {
    this(
        task,
        new LabelledProbabilities(task.classes(), probabilities.toArray(double[][]::new), labels));
  }

  /**
   * The predictions of a learner, with its loss.
   *
   * @param loss mean over the images; for anomaly detection over the normal ones
   * @param scores of an autoencoder: p(ANOMALY) = error / (1 + error)
   */
  record ValidationResult(double loss, ValidationScores scores) {}

  /** Evaluates a learner on validation images. */
  static ValidationResult of(
      Learner learner,
      ChestXrayDataset dataset,
      Task task,
      PrefetchThread thread,
      TrainingOptions options)
      throws IOException {
    int[] labels = dataset.labels();
    List<double[]> probabilities = new ArrayList<>();
    double sum = 0;
    double weight = 0;
    for (Batch batch : dataset.inOrder(learner.manager(), thread.executor())) {
      try (batch) {
        options.stop().throwIfRequested();
        Learner.BatchPredictions predictions = learner.evaluate(batch);
        for (int i = 0; i < predictions.outputs().length; i++) {
          double loss = predictions.losses()[i];
          if (!task.isAnomaly() || labels[probabilities.size()] == 0) {
            sum += loss;
            weight += predictions.weights()[i];
          }
          probabilities.add(
              task.isAnomaly()
                  ? new double[] {1 / (1 + loss), loss / (1 + loss)}
                  : LogitDecoder.probabilities(task, predictions.outputs()[i], 1));
        }
        options.listener().onProgress("Validation", probabilities.size(), labels.length);
      }
    }
    return new ValidationResult(sum / weight, new ValidationScores(task, probabilities, labels));
  }

  /**
   * Evaluates the block of a bundle on validation images.
   *
   * @param block the model
   * @param manager parent of temporary arrays
   * @param dataset to evaluate
   * @param views augmented views of each image; 0 for the images as they are
   * @param task what to predict
   * @param options of the training
   * @return probabilities and labels, view by view
   * @throws IOException if a file cannot be read or written
   */
  public static ValidationScores of(
      PredictionBlock block,
      NDManager manager,
      ChestXrayDataset dataset,
      int views,
      Task task,
      TrainingOptions options)
      throws IOException {
    int[] labels =
        views == 0
            ? dataset.labels()
            : IntStream.rangeClosed(1, views)
                .flatMap(view -> Arrays.stream(dataset.epochLabels(view)))
                .toArray();
    String pass = views == 0 ? "Validation" : "Views of validation";
    List<double[]> probabilities = new ArrayList<>();
    ParameterStore parameters = new ParameterStore(manager, false);
    try (PrefetchThread thread = new PrefetchThread()) {
      for (int view = Math.min(1, views); view <= views; view++) {
        Iterable<Batch> batches =
            view == 0
                ? dataset.inOrder(manager, thread.executor())
                : dataset.epoch(manager, view, thread.executor());
        for (Batch batch : batches) {
          options.stop().throwIfRequested();
          probabilities.addAll(predict(block, parameters, batch, task));
          options.listener().onProgress(pass, probabilities.size(), labels.length);
        }
      }
    }
    return new ValidationScores(task, probabilities, labels);
  }

  private static List<double[]> predict(
      PredictionBlock block, ParameterStore parameters, Batch batch, Task task) {
    try (batch) {
      NDArray images = batch.getData().singletonOrThrow();
      NDArray outputs = block.forward(parameters, new NDList(images), false).singletonOrThrow();
      float[] logits = outputs.toFloatArray();
      int width = (int) outputs.getShape().get(1);
      return IntStream.range(0, logits.length / width)
          .mapToObj(i -> Arrays.copyOfRange(logits, i * width, (i + 1) * width))
          .map(row -> LogitDecoder.probabilities(task, row, 1))
          .toList();
    }
  }

  /**
   * The same predictions, scaled by a temperature.
   *
   * @param temperature to apply
   * @return the scaled predictions
   */
  public ValidationScores withTemperature(TemperatureScaling temperature) {
    return new ValidationScores(task, temperature.apply(classes));
  }

  /** {@return the probabilities of the positive class, with the label of each image} */
  public LabelledScores positiveScores() {
    return LabelledPredictions.scores(task, classes);
  }
}
