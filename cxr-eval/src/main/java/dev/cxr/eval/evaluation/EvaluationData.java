package dev.cxr.eval.evaluation;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.knn.KnnIndex;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The images that a bundle is evaluated on.
 *
 * @param dataset holds the evaluated images
 * @param split which of them
 * @param developmentDataset holds the training and validation images if {@code dataset} does not
 * @param classSources whether all classes come from one source
 */
public record EvaluationData(
    DatasetIndex dataset,
    EvaluationSplit split,
    Optional<DatasetIndex> developmentDataset,
    ClassSources classSources) {

  /** Whether the evaluated images are of another dataset than the training images. */
  boolean isExternal() {
    return developmentDataset.isPresent() || split == EvaluationSplit.ALL;
  }

  /**
   * The images of the evaluated dataset that belong to the task: of an external dataset the
   * evaluated ones, else all.
   *
   * @throws UserErrorException if none is evaluated
   */
  private DatasetIndex evaluatedIndex(Task task) {
    DatasetIndex index =
        TaskFilter.apply(
            isExternal()
                ? dataset.withXrays(
                    evaluatedXrays(dataset),
                    split == EvaluationSplit.ALL
                        ? List.of("All images of the dataset are evaluated, of any split.")
                        : List.of())
                : dataset,
            task);
    if (evaluatedXrays(index).isEmpty()) {
      throw UserErrorException.of(
          "images in the %s split of %s that belong to the task".formatted(split, dataset.name()),
          "none",
          "Choose another split with --split, or another dataset with --data.");
    }
    return index;
  }

  private List<Xray> evaluatedXrays(DatasetIndex index) {
    return index.xrays().stream().filter(x -> split.splits().contains(x.split())).toList();
  }

  /**
   * Opens the evaluated images and, unless they are external, the validation images.
   *
   * @throws UserErrorException if no image is evaluated
   */
  ImageStore openImages(Task task, int side) throws IOException {
    DatasetIndex index = evaluatedIndex(task);
    if (isExternal()) {
      return ImageStore.openAll(index, side);
    }
    Set<Split> splits = EnumSet.copyOf(split.splits());
    splits.add(Split.VALIDATION);
    return ImageStore.open(index, splits, side);
  }

  /** The dataset that supplies training and validation images; may hold none. */
  DatasetIndex developmentIndex(Task task) {
    return developmentDataset
        .map(development -> TaskFilter.apply(development, task))
        .orElseGet(
            () -> isExternal() ? dataset.withXrays(List.of(), List.of()) : evaluatedIndex(task));
  }

  /**
   * Requires that an external dataset is not the one that the bundle was trained on.
   *
   * @param evaluated the images of {@link #openImages}
   * @throws UserErrorException if its training images are those of the bundle
   */
  void requireNotTrainedOn(Manifest manifest, ImageStore evaluated) throws IOException {
    if (!isExternal() || split == EvaluationSplit.TEST) {
      return;
    }
    Task task = manifest.task();
    List<Xray> trainable =
        dataset.xrays().stream()
            .filter(x -> x.split() != Split.TRAIN || task.trainsOn(x.finding()))
            .toList();
    DatasetIndex index = TaskFilter.apply(dataset.withXrays(trainable, List.of()), task);
    Set<Split> development = EnumSet.of(Split.TRAIN, Split.VALIDATION);
    ImageStore images =
        split == EvaluationSplit.ALL
            ? evaluated.withIndex(index, development)
            : ImageStore.open(index, development, manifest.input().side());
    if (trainingFingerprints(manifest).contains(images.fingerprint(Split.TRAIN))) {
      throw UserErrorException.of(
          "another dataset with --data than the bundle was trained on",
          "its training images in " + dataset.name(),
          "Use --split test, or give another dataset.");
    }
  }

  /** Fingerprints of the training images of the network and of the KNN index. */
  private static Set<String> trainingFingerprints(Manifest manifest) {
    Manifest.SplitData train = manifest.data().splits().get(Split.TRAIN.toString());
    KnnIndex index = manifest.knnIndex();
    return Stream.of(
            train == null ? "" : train.fingerprint(), index == null ? "" : index.fingerprint())
        .collect(Collectors.toSet());
  }

  /** Audits the dataset, of an external one together with the development dataset. */
  LeakageAudit audit() {
    return developmentDataset
        .map(development -> LeakageAudit.of(development, dataset, evaluatedXrays(dataset)))
        .orElseGet(() -> LeakageAudit.of(dataset));
  }
}
