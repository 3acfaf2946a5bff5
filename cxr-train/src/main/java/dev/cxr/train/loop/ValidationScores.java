package dev.cxr.train.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.Progress;
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
import java.util.stream.IntStream;

/**
 * What a network says of validation pictures.
 *
 * @param task the question
 * @param probabilities of each picture, of the task's classes in order
 * @param labels the class of each picture
 */
@SuppressWarnings("ArrayRecordComponent")
public // handed to the metrics as they are, never compared
record ValidationScores(Task task, List<double[]> probabilities, int[] labels) {

  /**
   * What a learner says, with the objective that it learns by.
   *
   * @param loss mean over the pictures that the task learns from
   * @param scores for an autoencoder what its error orders the pictures by
   */
  public record ValidationResult(double loss, ValidationScores scores) {}

  /** Asks a learner as it stands. */
  public static ValidationResult of(
      Learner learner, ChestXrayDataset dataset, Task task, PrefetchThread thread, StopSignal stop)
      throws IOException {
    int[] labels = dataset.labels();
    List<double[]> probabilities = new ArrayList<>();
    double sum = 0;
    double weight = 0;
    try (Progress progress = Progress.start("Validation", " images", labels.length)) {
      for (Batch batch : dataset.inOrder(learner.manager(), thread.executor())) {
        try (batch) {
          stop.throwIfRequested();
          Learner.BatchPredictions predictions = learner.evaluate(batch);
          for (int i = 0; i < predictions.outputs().length; i++) {
            double loss = predictions.losses()[i];
            boolean countsTowardsLoss = task != Task.ANOMALY || labels[probabilities.size()] == 0;
            sum += countsTowardsLoss ? loss : 0;
            weight += countsTowardsLoss ? predictions.weights()[i] : 0;
            probabilities.add(
                task == Task.ANOMALY
                    ? new double[] {1 / (1 + loss), loss / (1 + loss)}
                    : LogitDecoder.probabilities(task, predictions.outputs()[i], 1));
          }
          progress.step(batch.getSize(), "");
        }
      }
    }
    return new ValidationResult(sum / weight, new ValidationScores(task, probabilities, labels));
  }

  /** Asks what a bundle will hold about pictures as they are. */
  public static ValidationScores of(
      PredictionBlock block,
      NDManager manager,
      ChestXrayDataset dataset,
      Task task,
      StopSignal stop)
      throws IOException {
    int[] labels = dataset.labels();
    try (PrefetchThread thread = new PrefetchThread();
        Progress progress = Progress.start("Validation", " images", labels.length)) {
      Iterable<Batch> batches = dataset.inOrder(manager, thread.executor());
      return new ValidationScores(
          task, predict(block, manager, batches, task, stop, progress), labels);
    }
  }

  /** Asks what a bundle will hold about some augmented views of each picture. */
  public static ValidationScores ofViews(
      PredictionBlock block,
      NDManager manager,
      ChestXrayDataset dataset,
      int views,
      Task task,
      StopSignal stop) {
    List<double[]> probabilities = new ArrayList<>();
    IntStream labels = IntStream.empty();
    long imageCount = (long) views * dataset.epochSize();
    try (PrefetchThread thread = new PrefetchThread();
        Progress progress = Progress.start("Views of validation", " images", imageCount)) {
      for (int view = 1; view <= views; view++) {
        Iterable<Batch> batches = dataset.epoch(manager, view, thread.executor());
        probabilities.addAll(predict(block, manager, batches, task, stop, progress));
        labels = IntStream.concat(labels, Arrays.stream(dataset.epochLabels(view)));
      }
    }
    return new ValidationScores(task, probabilities, labels.toArray());
  }

  private static List<double[]> predict(
      PredictionBlock block,
      NDManager manager,
      Iterable<Batch> batches,
      Task task,
      StopSignal stop,
      Progress progress) {
    ParameterStore parameters = new ParameterStore(manager, false);
    List<double[]> probabilities = new ArrayList<>();
    for (Batch batch : batches) {
      try (batch) {
        stop.throwIfRequested();
        NDArray images = batch.getData().singletonOrThrow();
        NDArray outputs = block.forward(parameters, new NDList(images), false).singletonOrThrow();
        float[] logits = outputs.toFloatArray();
        int outputsPerImage = (int) outputs.getShape().get(1);
        for (int i = 0; i < logits.length; i += outputsPerImage) {
          probabilities.add(
              LogitDecoder.probabilities(
                  task, Arrays.copyOfRange(logits, i, i + outputsPerImage), 1));
        }
        progress.step(batch.getSize(), "");
      }
    }
    return probabilities;
  }

  /** The same at another temperature than 1. */
  public ValidationScores withTemperature(TemperatureScaling temperature) {
    LabelledProbabilities scaled = temperature.apply(classes());
    return new ValidationScores(
        task, IntStream.range(0, labels.length).mapToObj(scaled::probabilities).toList(), labels);
  }

  /** The probabilities of the positive class, with whether each picture is of it. */
  public LabelledScores positiveScores() {
    double[] scores = probabilities.stream().mapToDouble(task::positiveProbability).toArray();
    boolean[] positive = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      positive[i] = labels[i] > 0;
    }
    return new LabelledScores(scores, positive);
  }

  /** All probabilities, with the class of each picture. */
  public LabelledProbabilities classes() {
    return new LabelledProbabilities(
        task.classes(), probabilities.toArray(double[][]::new), labels);
  }
}
