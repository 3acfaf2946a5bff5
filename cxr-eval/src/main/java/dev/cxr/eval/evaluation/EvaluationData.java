package dev.cxr.eval.evaluation;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a bundle is judged on.
 *
 * @param dataset holds the pictures to judge
 * @param evaluationSplit of them
 * @param developmentDataset holds the training and validation pictures; if it is not told it is
 *     {@code collection} itself, unless all of that is judged
 * @param classSources where the classes come from
 */
public record EvaluationData(
    DatasetIndex dataset,
    EvaluationSplit evaluationSplit,
    Optional<DatasetIndex> developmentDataset,
    ClassSources classSources) {

  /** Whether the judged pictures are of another collection than those of development. */
  boolean isExternal() {
    return developmentDataset.isPresent() || evaluationSplit == EvaluationSplit.ALL;
  }

  /** Where the judged pictures stand in {@link #evaluatedDataset}. */
  Split split() {
    return switch (isExternal() ? EvaluationSplit.TEST : evaluationSplit) {
      case TRAIN -> Split.TRAIN;
      case VALIDATION -> Split.VALIDATION;
      case TEST, ALL -> Split.TEST;
    };
  }

  /**
   * The collection that holds the judged pictures, as far as a task asks about it. Of an external
   * one they alone are left, and all are test pictures, whatever split they stood in.
   *
   * @throws UserErrorException if there is none
   */
  DatasetIndex evaluatedDataset(Task task) {
    DatasetIndex taskDataset = TaskFilter.apply(isExternal() ? asTest() : dataset, task);
    if (taskDataset.inSplit(split()).isEmpty()) {
      throw UserErrorException.of(
          "pictures in the %s split of %s that take part in the task"
              .formatted(split(), dataset.name()),
          "none",
          "Choose another with --split, or another collection with --data.");
    }
    return taskDataset;
  }

  private DatasetIndex asTest() {
    List<Xray> tests =
        dataset.xrays().stream()
            .filter(x -> evaluationSplit.includes(x.split()))
            .map(x -> new Xray(x.id(), x.source(), x.finding(), x.patient(), Split.TEST))
            .toList();
    return dataset.withXrays(
        tests,
        evaluationSplit == EvaluationSplit.ALL
            ? List.of("All pictures of the collection are judged, whatever split they stand in.")
            : List.of());
  }

  /** The collection that training and validation pictures are taken from; may hold none. */
  DatasetIndex developmentDatasetFor(Task task) {
    return developmentDataset
        .map(d -> TaskFilter.apply(d, task))
        .orElseGet(() -> evaluatedDataset(task));
  }

  /**
   * Makes sure that an external collection is not the one that the bundle learned from.
   *
   * @param evaluatedImages the pixels of {@link #evaluatedDataset}
   * @throws UserErrorException if its training pictures are the bundle's
   */
  void requireNotTrainedOn(Manifest manifest, ImageStore evaluatedImages) throws IOException {
    if (!isExternal() || evaluationSplit == EvaluationSplit.TEST) {
      return;
    }
    Task task = manifest.task();
    List<Xray> trainable =
        dataset.xrays().stream()
            .filter(x -> x.split() != Split.TRAIN || task.trainsOn(x.finding()))
            .toList();
    DatasetIndex taskDataset = TaskFilter.apply(dataset.withXrays(trainable, List.of()), task);
    Set<Split> development = EnumSet.of(Split.TRAIN, Split.VALIDATION);
    ImageStore developmentImages =
        evaluationSplit == EvaluationSplit.ALL
            ? evaluatedImages.withIndex(taskDataset, development)
            : ImageStore.open(taskDataset, development, manifest.input().side());
    if (trainingFingerprints(manifest).contains(developmentImages.fingerprint(Split.TRAIN))) {
      throw UserErrorException.of(
          "another collection with --data than the bundle learned from",
          "its very training pictures in " + dataset.name(),
          "Judge its test split, or give another collection.");
    }
  }

  /** The fingerprints of what its network was trained on, and of what votes if anything does. */
  private static Set<String> trainingFingerprints(Manifest manifest) {
    Set<String> fingerprints = new HashSet<>();
    Manifest.SplitData train = manifest.data().splits().get(Split.TRAIN.toString());
    if (train != null) {
      fingerprints.add(train.fingerprint());
    }
    if (manifest.knnIndex() != null) {
      fingerprints.add(manifest.knnIndex().fingerprint());
    }
    return fingerprints;
  }

  /** What the audit looks over: both collections, whose patients are different people. */
  DatasetIndex auditedDataset() {
    if (developmentDataset.isEmpty()) {
      return dataset;
    }
    List<Xray> both =
        Stream.concat(
                developmentDataset.get().xrays().stream()
                    .filter(x -> x.split() != Split.TEST)
                    .map(x -> withPrefix("training/", x)),
                asTest().xrays().stream().map(x -> withPrefix("judged/", x)))
            .toList();
    return dataset.withXrays(both, List.of());
  }

  private static Xray withPrefix(String prefix, Xray x) {
    return new Xray(prefix + x.id(), x.source(), x.finding(), prefix + x.patient(), x.split());
  }
}
