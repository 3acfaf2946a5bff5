package dev.cxr.train.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.models.composition.MahalanobisDistance;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Fits the anomaly scorer of a trained network to normal images.
 *
 * @param manager of the model, which owns what is fitted
 * @param data training and validation images
 * @param options of the training
 * @param parameters gives a block its parameters
 */
record AnomalyFitter(
    NDManager manager, TrainingData data, TrainingOptions options, ParameterStore parameters) {

  private static final String PASS = "Embedding normal images";

  /**
   * Fits to the normal training images and standardizes scores by the normal validation images.
   *
   * @param manager of the model, which owns what is fitted
   */
  static void fit(
      AnomalyScorer scorer,
      NDManager manager,
      TrainingData data,
      Recipe recipe,
      TrainingOptions options)
      throws IOException {
    AnomalyFitter fitter =
        new AnomalyFitter(manager, data, options, new ParameterStore(manager, false));
    try (PrefetchThread thread = new PrefetchThread()) {
      if (scorer instanceof MahalanobisDistance mahalanobis) {
        double shrinkage = fitter.fit(mahalanobis, recipe, thread);
        options
            .listener()
            .onMessage(
                String.format(
                    Locale.ROOT,
                    "Fitted to %d normal images and %d views of each; covariance shrunk by %.4f.",
                    data.train().size(),
                    recipe.normalViews(),
                    shrinkage));
      }
      scorer.fitStandardization(manager, fitter.validationScores(scorer, thread));
    }
  }

  /** An unaugmented image counts as much as all its augmented views together. */
  private double fit(MahalanobisDistance scorer, Recipe recipe, PrefetchThread thread)
      throws IOException {
    int views = recipe.normalViews();
    ChestXrayDataset unaugmented = TrainingData.train(data.images(), recipe, Augmentation.NONE);
    long imageCount = unaugmented.size() + (long) views * data.train().epochSize();
    try (NDManager scope = manager.newSubManager()) {
      NDList originals =
          embed(scorer, unaugmented.inOrder(scope, thread.executor()), scope, 0, imageCount);
      NDList embeddings = new NDList();
      for (int i = 0; i < Math.max(1, views); i++) {
        embeddings.addAll(originals);
      }
      for (int view = 1; view <= views; view++) {
        Iterable<Batch> batches = data.train().epoch(scope, view, thread.executor());
        long done = unaugmented.size() + (view - 1L) * data.train().epochSize();
        embeddings.addAll(embed(scorer, batches, scope, done, imageCount));
      }
      return scorer.fit(manager, NDArrays.concat(embeddings));
    }
  }

  /** One array of embeddings per batch. */
  private NDList embed(
      MahalanobisDistance scorer,
      Iterable<Batch> batches,
      NDManager owner,
      long doneBefore,
      long total) {
    NDList embeddings = new NDList();
    long done = doneBefore;
    for (Batch batch : batches) {
      try (batch) {
        options.stop().throwIfRequested();
        NDArray embedded = scorer.embed(parameters, batch.getData().singletonOrThrow());
        embedded.attach(owner);
        embeddings.add(embedded);
        done += batch.getSize();
        options.listener().onProgress(PASS, done, total);
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
        options.stop().throwIfRequested();
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
