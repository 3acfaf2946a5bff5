package dev.cxr.eval.knn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.calibration.SiteCalibrator;
import dev.cxr.eval.calibration.SiteOperatingPoint;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.ThresholdSource;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.knn.LeaveOnePatientOut;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.knn.DistanceMetric;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.models.knn.VoteWeighting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Makes a bundle that classifies by a vote of the nearest training images.
 *
 * @param features the features to compare
 * @param distance between features
 * @param weighting weight of each neighbour
 * @param candidateKs candidate numbers of neighbours
 * @param threshold how the threshold is chosen on validation
 */
public record KnnBundleBuilder(
    KnnIndex.FeatureKind features,
    DistanceMetric distance,
    VoteWeighting weighting,
    List<Integer> candidateKs,
    ThresholdSource threshold) {

  /** Images whose distances to all examples are computed at once. */
  private static final int BATCH_SIZE = 64;

  /**
   * Writes the new bundle into an empty folder.
   *
   * @param base the bundle whose network computes the features
   * @param dataset opened with that bundle's validation rule
   * @param folder an empty folder
   * @return the new bundle and how k was chosen
   * @throws UserErrorException if there are no training images, or no validation images to choose
   *     the threshold on
   * @throws IOException if an image cannot be read or the folder cannot be written
   */
  public KnnBundle write(Bundle base, DatasetIndex dataset, Path folder) throws IOException {
    Manifest trained = base.manifest();
    Task task = trained.task();
    SiteCalibrator.requireOriginal(base);
    DatasetIndex taskDataset = TaskFilter.apply(dataset, task);
    TaskFilter.requireImages(taskDataset, Split.TRAIN, "Give a dataset with a train split.");
    TaskFilter.requireImages(
        taskDataset, Split.VALIDATION, "Give a dataset with more patients in its train split.");
    ImageStore images =
        ImageStore.open(
            taskDataset, EnumSet.of(Split.TRAIN, Split.VALIDATION), trained.input().side());
    List<Xray> examples = images.index().inSplit(Split.TRAIN);
    int[] labels = examples.stream().mapToInt(x -> task.label(x.finding())).toArray();
    if (IntStream.of(labels).distinct().count() < 2) {
      throw UserErrorException.of(
          "training images of more than one class",
          "one class in " + dataset.name(),
          "Give a bundle of another task, or a dataset with images of every class.");
    }
    try (Classifier classifier = Classifier.load(base)) {
      BatchPredictor predictor = new BatchPredictor(classifier, task);
      float[][] vectors = predictor.knnVectors(images, Split.TRAIN, features);
      LeaveOnePatientOut.Selection choice =
          chooseK(classifier.manager(), vectors, labels, examples);
      KnnIndex index =
          new KnnIndex(
              features,
              distance,
              choice.vote(),
              choice.rule(),
              examples.size(),
              dataset.name(),
              images.fingerprint(Split.TRAIN),
              base.id());
      Manifest.DatasetInfo data = data(trained, images);
      String name = SiteOperatingPoint.derivedName(trained, "-knn");
      Manifest provisional =
          trained.withKnnIndex(index, name, data, trained.threshold(), new JsonObject());
      try (Classifier knnClassifier = classifier.withKnnIndex(provisional, vectors, labels)) {
        List<ImagePrediction> validation =
            new BatchPredictor(knnClassifier, task).predict(images, EnumSet.of(Split.VALIDATION));
        LabelledScores scores = EvaluationMetrics.scores(task, validation);
        OperatingThreshold chosen = threshold.choose(trained, scores);
        BinaryMetrics report = BinaryMetrics.of(scores, chosen.value());
        Manifest manifest = trained.withKnnIndex(index, name, data, chosen, metrics(report));
        BundleWriter.writeDerived(folder, manifest, knnClassifier.model(), base);
        return new KnnBundle(manifest, index, choice, report, notices(trained, images));
      }
    }
  }

  private LeaveOnePatientOut.Selection chooseK(
      NDManager manager, float[][] vectors, int[] labels, List<Xray> examples) {
    LeaveOnePatientOut leavePatientOut =
        new LeaveOnePatientOut(
            labels, examples.stream().map(Xray::patient).toList(), weighting, candidateKs);
    try (NDManager scope = manager.newSubManager();
        Progress progress = Progress.start("Leave-patient-out", " images", labels.length)) {
      NDArray all = scope.create(vectors);
      for (int from = 0; from < vectors.length; from += BATCH_SIZE) {
        int to = Math.min(from + BATCH_SIZE, vectors.length);
        try (NDArray some = scope.create(Arrays.copyOfRange(vectors, from, to))) {
          double[][] rows = distance.pairwise(some, all);
          for (int i = 0; i < rows.length; i++) {
            leavePatientOut.add(from + i, rows[i]);
          }
        }
        progress.step(to - from, "");
      }
    }
    return leavePatientOut.select();
  }

  /** The data of the network, with the validation images on which the threshold is chosen. */
  private static Manifest.DatasetInfo data(Manifest trained, ImageStore images) {
    Manifest.DatasetInfo trainedData = trained.data();
    List<Xray> validation = images.index().inSplit(Split.VALIDATION);
    Map<String, Integer> perClass = new LinkedHashMap<>();
    trained.classes().forEach(name -> perClass.put(name, 0));
    validation.forEach(
        x ->
            perClass.merge(
                trained.classes().get(trained.task().label(x.finding())), 1, Integer::sum));
    Map<String, Manifest.SplitData> splits = new LinkedHashMap<>(trainedData.splits());
    splits.put(
        Split.VALIDATION.toString(),
        new Manifest.SplitData(validation.size(), perClass, images.fingerprint(Split.VALIDATION)));
    return new Manifest.DatasetInfo(
        trainedData.name(),
        trainedData.synthetic() || images.index().synthetic(),
        images.index().splitRule(),
        trainedData.validationRule(),
        splits,
        trainedData.classNames(),
        trainedData.window());
  }

  private static List<String> notices(Manifest trained, ImageStore images) {
    List<String> notices = new ArrayList<>(images.index().notices());
    Manifest.SplitData trainedOn = trained.data().splits().get(Split.TRAIN.toString());
    if (trainedOn == null || !trainedOn.fingerprint().equals(images.fingerprint(Split.TRAIN))) {
      notices.add("The training images are not exactly those that the network was trained on.");
    }
    return notices;
  }

  /** The metrics without the ROC curve, which would be most of the file. */
  private static JsonElement metrics(BinaryMetrics report) {
    JsonObject metrics = new Gson().toJsonTree(report).getAsJsonObject();
    metrics.remove("roc");
    metrics.remove("threshold");
    return metrics;
  }
}
