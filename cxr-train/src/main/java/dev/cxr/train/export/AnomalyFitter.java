package dev.cxr.train.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.Progress;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.models.composition.MahalanobisDistance;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.util.Arrays;

/** What normal pictures look like to a finished network. */
public final class AnomalyFitter {

  private final NDManager manager;
  private final TrainingData data;
  private final StopSignal stop;
  private final ParameterStore parameters;

  private AnomalyFitter(NDManager manager, TrainingData data, StopSignal stop) {
    this.manager = manager;
    this.data = data;
    this.stop = stop;
    this.parameters = new ParameterStore(manager, false);
  }

  /**
   * Learns from the training normals, and tells scores against those of the validation normals.
   *
   * @param manager of the model, which keeps what is learned
   */
  public static void fit(
      AnomalyScorer scorer, NDManager manager, TrainingData data, Recipe recipe, StopSignal stop)
      throws IOException {
    AnomalyFitter fitter = new AnomalyFitter(manager, data, stop);
    try (PrefetchThread thread = new PrefetchThread()) {
      if (scorer instanceof MahalanobisDistance mahalanobis) {
        double shrinkage = fitter.fit(mahalanobis, recipe, thread);
        System.out.printf(
            "Normal: %d pictures and %d views of each; covariance shrunk by %.4f.%n",
            data.train().size(), recipe.normalViews(), shrinkage);
      }
      scorer.fitStandardization(manager, fitter.validationScores(scorer, thread));
    }
  }

  /** A picture as it is counts as much as all its views. */
  private double fit(MahalanobisDistance mahalanobis, Recipe recipe, PrefetchThread thread)
      throws IOException {
    int views = recipe.normalViews();
    ChestXrayDataset unaugmented = TrainingData.train(data.images(), recipe, Augmentation.NONE);
    long imageCount = unaugmented.size() + (long) views * data.train().epochSize();
    try (NDManager scope = manager.newSubManager();
        Progress progress = Progress.start("Looking at normals", " images", imageCount)) {
      NDList embeddings = new NDList();
      NDList originals =
          embed(mahalanobis, unaugmented.inOrder(scope, thread.executor()), scope, progress);
      for (int i = 0; i < Math.max(1, views); i++) {
        embeddings.addAll(originals);
      }
      for (int view = 1; view <= views; view++) {
        embeddings.addAll(
            embed(
                mahalanobis, data.train().epoch(scope, view, thread.executor()), scope, progress));
      }
      return mahalanobis.fit(manager, NDArrays.concat(embeddings));
    }
  }

  private NDList embed(
      MahalanobisDistance scorer, Iterable<Batch> batches, NDManager owner, Progress progress) {
    NDList embeddings = new NDList();
    for (Batch batch : batches) {
      try (batch) {
        stop.throwIfRequested();
        NDArray embedded = scorer.embed(parameters, batch.getData().singletonOrThrow());
        embedded.attach(owner);
        embeddings.add(embedded);
        progress.step(batch.getSize(), "");
      }
    }
    return embeddings;
  }

  private double[] validationScores(AnomalyScorer scorer, PrefetchThread thread)
      throws IOException {
    int[] labels = data.validation().labels();
    double[] scores = new double[labels.length];
    int normals = 0;
    int index = 0;
    for (Batch batch : data.validation().inOrder(manager, thread.executor())) {
      try (batch) {
        stop.throwIfRequested();
        for (double score : scorer.scores(parameters, batch.getData().singletonOrThrow())) {
          if (labels[index++] == 0) {
            scores[normals++] = score;
          }
        }
      }
    }
    return Arrays.copyOf(scores, normals);
  }
}
