package dev.cxr.train;

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
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.util.Arrays;

/** What normal pictures look like to a finished network. */
final class Normals {

  private final NDManager manager;
  private final TrainingData data;
  private final StopSignal stop;
  private final ParameterStore parameters;

  private Normals(NDManager manager, TrainingData data, StopSignal stop) {
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
  static void learn(
      AnomalyScorer novelty, NDManager manager, TrainingData data, Recipe recipe, StopSignal stop)
      throws IOException {
    Normals normals = new Normals(manager, data, stop);
    try (PrefetchThread thread = new PrefetchThread()) {
      if (novelty instanceof MahalanobisDistance distance) {
        double share = normals.learn(distance, recipe, thread);
        System.out.printf(
            "Normal: %d pictures and %d views of each; covariance shrunk by %.4f.%n",
            data.train().size(), recipe.normalViews(), share);
      }
      novelty.fitStandardization(manager, normals.validationScores(novelty, thread));
    }
  }

  /** A picture as it is counts as much as all its views. */
  private double learn(MahalanobisDistance distance, Recipe recipe, PrefetchThread thread)
      throws IOException {
    int views = recipe.normalViews();
    ChestXrayDataset asTheyAre = TrainingData.train(data.pixels(), recipe, Augmentation.NONE);
    long pictures = asTheyAre.size() + (long) views * data.train().epochSize();
    try (NDManager scope = manager.newSubManager();
        Progress progress = Progress.start("Looking at normals", " images", pictures)) {
      NDList embeddings = new NDList();
      NDList still = embed(distance, asTheyAre.inOrder(scope, thread.executor()), scope, progress);
      for (int i = 0; i < Math.max(1, views); i++) {
        embeddings.addAll(still);
      }
      for (int view = 1; view <= views; view++) {
        embeddings.addAll(
            embed(distance, data.train().epoch(scope, view, thread.executor()), scope, progress));
      }
      return distance.fit(manager, NDArrays.concat(embeddings));
    }
  }

  private NDList embed(
      MahalanobisDistance distance, Iterable<Batch> batches, NDManager keeper, Progress progress) {
    NDList embeddings = new NDList();
    for (Batch batch : batches) {
      try (batch) {
        stop.check();
        NDArray embedded = distance.embed(parameters, batch.getData().singletonOrThrow());
        embedded.attach(keeper);
        embeddings.add(embedded);
        progress.step(batch.getSize(), "");
      }
    }
    return embeddings;
  }

  private double[] validationScores(AnomalyScorer novelty, PrefetchThread thread)
      throws IOException {
    int[] labels = data.validation().labels();
    double[] scores = new double[labels.length];
    int normals = 0;
    int at = 0;
    for (Batch batch : data.validation().inOrder(manager, thread.executor())) {
      try (batch) {
        stop.check();
        for (double score : novelty.scores(parameters, batch.getData().singletonOrThrow())) {
          if (labels[at++] == 0) {
            scores[normals++] = score;
          }
        }
      }
    }
    return Arrays.copyOf(scores, normals);
  }
}
