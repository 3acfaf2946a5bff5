package dev.cxr.train;

import ai.djl.training.dataset.Batch;
import ai.djl.translate.TranslateException;
import dev.cxr.data.catalogue.Task;
import dev.cxr.data.dataset.BatchThread;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.models.bundle.Outputs;
import dev.cxr.train.learning.Learner;
import java.io.IOException;

/**
 * What the network says of the validation pictures.
 *
 * @param loss mean over the pictures
 * @param probabilities of the positive class
 * @param positive whether each picture is of that class
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the metrics as they are, never compared
record ValidationScores(double loss, double[] probabilities, boolean[] positive) {

  static ValidationScores of(
      Learner learner, ChestXrayDataset dataset, Task task, BatchThread thread, StopSignal stop)
      throws IOException, TranslateException {
    int[] labels = dataset.labels();
    double[] probabilities = new double[labels.length];
    boolean[] positive = new boolean[labels.length];
    double sum = 0;
    double weight = 0;
    int i = 0;
    for (Batch batch : dataset.inOrder(learner.manager(), thread.executor())) {
      try (batch) {
        stop.check();
        Learner.Answers answers = learner.evaluate(batch);
        for (int j = 0; j < answers.outputs().length; j++, i++) {
          probabilities[i] = Outputs.probabilities(task, answers.outputs()[j], 1)[1];
          positive[i] = labels[i] == 1;
          sum += answers.losses()[j];
          weight += answers.weights()[j];
        }
      }
    }
    return new ValidationScores(sum / weight, probabilities, positive);
  }

  BinaryReport report(double threshold) {
    return BinaryReport.of(probabilities, positive, threshold);
  }
}
