package dev.cxr.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.knn.LeavePatientOut;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.Prediction;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
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
 * How an index is made of training pictures.
 *
 * @param over what is compared
 * @param distance how
 * @param weighting how much each neighbour counts
 * @param ks how many of them to choose from
 * @param threshold how it is chosen on validation
 */
record IndexRule(
    KnnIndex.FeatureKind over,
    DistanceMetric distance,
    VoteWeighting weighting,
    List<Integer> ks,
    ThresholdChoice threshold) {

  /** Distances to all examples are made for so many at a time. */
  private static final int AT_ONCE = 64;

  private static final int LONGEST_NAME = 64;
  private static final String ENDING = "-knn";

  /**
   * Fills an empty folder with a bundle whose classes are voted.
   *
   * @param from the bundle whose network is used
   * @param catalogue opened with that bundle's validation rule
   * @throws UserErrorException if there are no pictures to index, or none to choose the threshold
   *     on
   */
  Indexing write(Bundle from, DatasetIndex catalogue, Path folder) throws IOException {
    Manifest trained = from.manifest();
    Task task = trained.task();
    if (trained.knnIndex() != null) {
      throw UserErrorException.of(
          "a bundle whose own last layer answers",
          "one that is voted already, in " + from.folder(),
          "Give the bundle that it was indexed from.");
    }
    SiteFit.requireUncalibrated(from);
    DatasetIndex taking = TaskFilter.apply(catalogue, task);
    if (taking.inSplit(Split.TRAIN).isEmpty()) {
      throw UserErrorException.of(
          "training pictures that take part in the task, to be indexed",
          "none in " + catalogue.name(),
          "Give a collection with a train split.");
    }
    if (taking.inSplit(Split.VALIDATION).isEmpty()) {
      throw UserErrorException.of(
          "validation pictures to choose the threshold on",
          "none in " + catalogue.name(),
          "Give a collection with more patients in its train split.");
    }
    ImageStore pixels =
        ImageStore.open(taking, EnumSet.of(Split.TRAIN, Split.VALIDATION), trained.input().side());
    List<Xray> examples = pixels.index().inSplit(Split.TRAIN);
    int[] labels = examples.stream().mapToInt(x -> task.label(x.finding())).toArray();
    if (IntStream.of(labels).distinct().count() < 2) {
      throw UserErrorException.of(
          "training pictures of more than one class, which could vote",
          "those of one in " + catalogue.name(),
          "Give a bundle of another task, or a collection with pictures of each class.");
    }
    try (Classifier classifier = Classifier.load(from)) {
      BatchPredictor asking = new BatchPredictor(classifier, task);
      float[][] vectors = asking.knnVectors(pixels, Split.TRAIN, over);
      LeavePatientOut.Selection choice = choose(classifier.manager(), vectors, labels, examples);
      KnnIndex index =
          new KnnIndex(
              over,
              distance,
              choice.vote(),
              choice.rule(),
              examples.size(),
              catalogue.name(),
              pixels.fingerprint(Split.TRAIN),
              from.id());
      Manifest.DatasetInfo data = data(trained, pixels);
      Manifest undecided =
          trained.withKnnIndex(index, name(trained), data, trained.threshold(), new JsonObject());
      try (Classifier voting = classifier.withKnnIndex(undecided, vectors, labels)) {
        List<Prediction> validation =
            new BatchPredictor(voting, task).predict(pixels, Split.VALIDATION);
        LabelledScores scores = EvaluationMetrics.scores(task, validation);
        Manifest.Threshold chosen = threshold.choose(trained, scores);
        BinaryMetrics report = BinaryMetrics.of(scores, chosen.value());
        Manifest manifest =
            trained.withKnnIndex(index, name(trained), data, chosen, figures(report));
        BundleWriter.writeKnn(folder, manifest, voting, from);
        return new Indexing(manifest, index, choice, report, notices(trained, pixels));
      }
    }
  }

  private LeavePatientOut.Selection choose(
      NDManager manager, float[][] vectors, int[] labels, List<Xray> examples) {
    LeavePatientOut leaving =
        new LeavePatientOut(labels, examples.stream().map(Xray::patient).toList(), weighting, ks);
    try (NDManager scope = manager.newSubManager();
        Progress progress = Progress.start("Leaving patients out", " images", labels.length)) {
      NDArray all = scope.create(vectors);
      for (int from = 0; from < vectors.length; from += AT_ONCE) {
        int to = Math.min(from + AT_ONCE, vectors.length);
        try (NDArray some = scope.create(Arrays.copyOfRange(vectors, from, to))) {
          double[][] rows = distance.pairwise(some, all);
          for (int i = 0; i < rows.length; i++) {
            leaving.add(from + i, rows[i]);
          }
        }
        progress.step(to - from, "");
      }
    }
    return leaving.select();
  }

  private static String name(Manifest trained) {
    String name = trained.name();
    return name.substring(0, Math.min(name.length(), LONGEST_NAME - ENDING.length())) + ENDING;
  }

  /** That of the network, but the validation pictures are those that the threshold is chosen on. */
  private static Manifest.DatasetInfo data(Manifest trained, ImageStore pixels) {
    Manifest.DatasetInfo own = trained.data();
    List<Xray> validation = pixels.index().inSplit(Split.VALIDATION);
    Map<String, Integer> perClass = new LinkedHashMap<>();
    trained.classes().forEach(name -> perClass.put(name, 0));
    validation.forEach(
        x ->
            perClass.merge(
                trained.classes().get(trained.task().label(x.finding())), 1, Integer::sum));
    Map<String, Manifest.SplitData> splits = new LinkedHashMap<>(own.splits());
    splits.put(
        Split.VALIDATION.toString(),
        new Manifest.SplitData(validation.size(), perClass, pixels.fingerprint(Split.VALIDATION)));
    return new Manifest.DatasetInfo(
        own.name(),
        own.synthetic() || pixels.index().synthetic(),
        pixels.index().splitRule(),
        own.validationRule(),
        splits);
  }

  private static List<String> notices(Manifest trained, ImageStore pixels) {
    List<String> notices = new ArrayList<>(pixels.index().notices());
    Manifest.SplitData own = trained.data().splits().get(Split.TRAIN.toString());
    if (own == null || !own.fingerprint().equals(pixels.fingerprint(Split.TRAIN))) {
      notices.add("The indexed pictures are not exactly those that the network learned from.");
    }
    return notices;
  }

  /** The figures without the curve, which would be most of the file. */
  private static JsonElement figures(BinaryMetrics report) {
    JsonObject figures = EvaluationFiles.GSON.toJsonTree(report).getAsJsonObject();
    figures.remove("roc");
    figures.remove("youden");
    figures.remove("threshold");
    return figures;
  }
}
