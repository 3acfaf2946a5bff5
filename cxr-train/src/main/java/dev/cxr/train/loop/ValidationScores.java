package dev.cxr.train.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.data.index.Task;
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
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The predictions of a network for validation images.
 *
 * @param task whose classes these are
 * @param probabilities of each image, one per class in the order of the task's classes
 * @param labels index of each image's class
 */
@SuppressWarnings("ArrayRecordComponent") // passed to the metrics, never compared
public record ValidationScores(Task task, List<double[]> probabilities, int[] labels) {

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
          if (task != Task.ANOMALY || labels[probabilities.size()] == 0) {
            sum += loss;
            weight += predictions.weights()[i];
          }
          probabilities.add(
              task == Task.ANOMALY
                  ? new double[] {1 / (1 + loss), loss / (1 + loss)}
                  : LogitDecoder.probabilities(task, predictions.outputs()[i], 1));
        }
        options.listener().onProgress("Validation", probabilities.size(), labels.length);
      }
    }
    return new ValidationResult(sum / weight, new ValidationScores(task, probabilities, labels));
  }

  /**
   * Evaluates the block of a bundle on validation images as they are.
   *
   * @param block the model
   * @param manager parent of temporary arrays
   * @param dataset to evaluate
   * @param task what to predict
   * @param options of the training
   * @return probabilities and labels
   * @throws IOException if a file cannot be read or written
   */
  public static ValidationScores of(
      PredictionBlock block,
      NDManager manager,
      ChestXrayDataset dataset,
      Task task,
      TrainingOptions options)
      throws IOException {
    int[] labels = dataset.labels();
    ValidationScores scores = new ValidationScores(task, new ArrayList<>(), labels);
    try (PrefetchThread thread = new PrefetchThread()) {
      scores.predict(
          block,
          manager,
          dataset.inOrder(manager, thread.executor()),
          options,
          done -> options.listener().onProgress("Validation", done, labels.length));
    }
    return scores;
  }

  /**
   * Evaluates the block of a bundle on augmented views of each validation image.
   *
   * @param block the model
   * @param manager parent of temporary arrays
   * @param dataset to evaluate
   * @param views per image
   * @param task what to predict
   * @param options of the training
   * @return probabilities and labels, view by view
   */
  public static ValidationScores ofViews(
      PredictionBlock block,
      NDManager manager,
      ChestXrayDataset dataset,
      int views,
      Task task,
      TrainingOptions options) {
    int[] labels =
        IntStream.rangeClosed(1, views)
            .flatMap(view -> Arrays.stream(dataset.epochLabels(view)))
            .toArray();
    ValidationScores scores = new ValidationScores(task, new ArrayList<>(), labels);
    try (PrefetchThread thread = new PrefetchThread()) {
      for (int view = 1; view <= views; view++) {
        scores.predict(
            block,
            manager,
            dataset.epoch(manager, view, thread.executor()),
            options,
            done -> options.listener().onProgress("Views of validation", done, labels.length));
      }
    }
    return scores;
  }

  private void predict(
      PredictionBlock block,
      NDManager manager,
      Iterable<Batch> batches,
      TrainingOptions options,
      LongConsumer progress) {
    ParameterStore parameters = new ParameterStore(manager, false);
    for (Batch batch : batches) {
      try (batch) {
        options.stop().throwIfRequested();
        NDArray images = batch.getData().singletonOrThrow();
        NDArray outputs = block.forward(parameters, new NDList(images), false).singletonOrThrow();
        float[] logits = outputs.toFloatArray();
        int outputsPerImage = (int) outputs.getShape().get(1);
        for (int i = 0; i < logits.length; i += outputsPerImage) {
          probabilities.add(
              LogitDecoder.probabilities(
                  task, Arrays.copyOfRange(logits, i, i + outputsPerImage), 1));
        }
        progress.accept(probabilities.size());
      }
    }
  }

  /**
   * The same predictions, scaled by a temperature.
   *
   * @param temperature to apply
   * @return the scaled predictions
   */
  public ValidationScores withTemperature(TemperatureScaling temperature) {
    LabelledProbabilities scaled = temperature.apply(classes());
    return new ValidationScores(
        task, IntStream.range(0, labels.length).mapToObj(scaled::probabilities).toList(), labels);
  }

  /** {@return the probabilities of the positive class, with the label of each image} */
  public LabelledScores positiveScores() {
    double[] scores = probabilities.stream().mapToDouble(task::positiveProbability).toArray();
    boolean[] positive = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      positive[i] = labels[i] > 0;
    }
    return new LabelledScores(scores, positive);
  }

  /** {@return the probabilities of all classes, with the label of each image} */
  public LabelledProbabilities classes() {
    return new LabelledProbabilities(
        task.classes(), probabilities.toArray(double[][]::new), labels);
  }
}
