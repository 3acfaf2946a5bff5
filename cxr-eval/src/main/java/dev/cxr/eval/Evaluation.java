package dev.cxr.eval;

import ai.djl.training.dataset.Batch;
import ai.djl.translate.TranslateException;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.Task;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.dataset.BatchThread;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PixelCatalogue;
import dev.cxr.data.shell.Progress;
import dev.cxr.data.shell.Refusal;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * What a bundle says of one split of a collection.
 *
 * @param bundle what was asked
 * @param data the collection, as far as it was asked about
 * @param fingerprint identifies pixels and findings
 * @param split the split it was asked about
 * @param predictions one for each picture, in the order of the collection
 * @param report the figures at the bundle's own threshold
 */
record Evaluation(
    Bundle bundle,
    Catalogue data,
    String fingerprint,
    Split split,
    List<Prediction> predictions,
    BinaryReport report) {

  private static final int BATCH_SIZE = 64;

  /**
   * One picture.
   *
   * @param probabilities of the task's classes, in order
   * @param positive whether the positive class's probability reaches the threshold
   */
  record Prediction(Xray xray, List<Double> probabilities, boolean positive) {}

  /**
   * Asks the bundle about every picture of a split.
   *
   * @param catalogue opened with the bundle's own validation rule
   * @throws Refusal if the split is empty or a picture cannot be read
   */
  static Evaluation of(Bundle bundle, Catalogue catalogue, Split split)
      throws IOException, TranslateException {
    Manifest manifest = bundle.manifest();
    if (catalogue.in(split).isEmpty()) {
      throw Refusal.of(
          "pictures in the %s split of %s".formatted(split, catalogue.name()),
          "none",
          "Choose another with --split, or another collection with --data.");
    }
    PixelCatalogue pixels =
        PixelCatalogue.of(catalogue, EnumSet.of(split), manifest.input().side());
    double[][] probabilities = ask(bundle, pixels, split);
    return of(bundle, pixels, split, probabilities);
  }

  private static double[][] ask(Bundle bundle, PixelCatalogue pixels, Split split)
      throws IOException, TranslateException {
    ChestXrayDataset dataset =
        ChestXrayDataset.builder()
            .setPixels(pixels, split)
            .setTask(bundle.manifest().task())
            .setBatchSize(BATCH_SIZE)
            .build();
    List<double[]> all = new ArrayList<>();
    try (Classifier classifier = Classifier.load(bundle);
        BatchThread thread = new BatchThread();
        Progress progress = Progress.start("Predicting", " images", dataset.size())) {
      for (Batch batch : dataset.inOrder(classifier.manager(), thread.executor())) {
        try (batch) {
          List<double[]> answers =
              List.of(classifier.probabilities(batch.getData().singletonOrThrow()));
          all.addAll(answers);
          progress.step(answers.size(), "");
        }
      }
    }
    return all.toArray(new double[0][]);
  }

  private static Evaluation of(
      Bundle bundle, PixelCatalogue pixels, Split split, double[][] probabilities) {
    Task task = bundle.manifest().task();
    double threshold = bundle.manifest().threshold().value();
    int positiveIndex = task.classes().indexOf(task.positiveClass());
    List<Xray> xrays = pixels.catalogue().in(split);
    double[] scores = new double[xrays.size()];
    boolean[] positive = new boolean[xrays.size()];
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      scores[i] = probabilities[i][positiveIndex];
      positive[i] = task.label(xrays.get(i).finding()) == positiveIndex;
      List<Double> own = Arrays.stream(probabilities[i]).boxed().toList();
      predictions.add(new Prediction(xrays.get(i), own, scores[i] >= threshold));
    }
    return new Evaluation(
        bundle,
        pixels.catalogue(),
        pixels.fingerprint(split),
        split,
        List.copyOf(predictions),
        BinaryReport.of(scores, positive, threshold));
  }

  /** How many patient groups the pictures come from. */
  long patients() {
    return predictions.stream().map(p -> p.xray().patient()).distinct().count();
  }
}
