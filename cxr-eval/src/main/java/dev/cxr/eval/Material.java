package dev.cxr.eval;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.evaluation.ClassSources;
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
 * @param collection holds the pictures to judge
 * @param which of them
 * @param development holds the training and validation pictures; if it is not told it is {@code
 *     collection} itself, unless all of that is judged
 * @param classSources where the classes come from
 */
record Material(
    DatasetIndex collection,
    JudgedSplit which,
    Optional<DatasetIndex> development,
    ClassSources classSources) {

  /** Whether the judged pictures are of another collection than those of development. */
  boolean isExternal() {
    return development.isPresent() || which == JudgedSplit.ALL;
  }

  /** Where the judged pictures stand in {@link #judged}. */
  Split split() {
    return switch (isExternal() ? JudgedSplit.TEST : which) {
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
  DatasetIndex judged(Task task) {
    DatasetIndex taking = TaskFilter.apply(isExternal() ? asTest() : collection, task);
    if (taking.inSplit(split()).isEmpty()) {
      throw UserErrorException.of(
          "pictures in the %s split of %s that take part in the task"
              .formatted(split(), collection.name()),
          "none",
          "Choose another with --split, or another collection with --data.");
    }
    return taking;
  }

  private DatasetIndex asTest() {
    List<Xray> tests =
        collection.xrays().stream()
            .filter(x -> which.has(x.split()))
            .map(x -> new Xray(x.id(), x.source(), x.finding(), x.patient(), Split.TEST))
            .toList();
    return collection.withXrays(
        tests,
        which == JudgedSplit.ALL
            ? List.of("All pictures of the collection are judged, whatever split they stand in.")
            : List.of());
  }

  /** The collection that training and validation pictures are taken from; may hold none. */
  DatasetIndex developed(Task task) {
    return development.map(d -> TaskFilter.apply(d, task)).orElseGet(() -> judged(task));
  }

  /**
   * Makes sure that an external collection is not the one that the bundle learned from.
   *
   * @param judged the pixels of {@link #judged}
   * @throws UserErrorException if its training pictures are the bundle's
   */
  void requireUnseen(Manifest manifest, ImageStore judged) throws IOException {
    if (!isExternal() || which == JudgedSplit.TEST) {
      return;
    }
    Task task = manifest.task();
    List<Xray> learned =
        collection.xrays().stream()
            .filter(x -> x.split() != Split.TRAIN || task.trainsOn(x.finding()))
            .toList();
    DatasetIndex taking = TaskFilter.apply(collection.withXrays(learned, List.of()), task);
    Set<Split> development = EnumSet.of(Split.TRAIN, Split.VALIDATION);
    ImageStore pixels =
        which == JudgedSplit.ALL
            ? judged.withIndex(taking, development)
            : ImageStore.open(taking, development, manifest.input().side());
    if (learnedFrom(manifest).contains(pixels.fingerprint(Split.TRAIN))) {
      throw UserErrorException.of(
          "another collection with --data than the bundle learned from",
          "its very training pictures in " + collection.name(),
          "Judge its test split, or give another collection.");
    }
  }

  /** The fingerprints of what its network was trained on, and of what votes if anything does. */
  private static Set<String> learnedFrom(Manifest manifest) {
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
  DatasetIndex audited() {
    if (development.isEmpty()) {
      return collection;
    }
    List<Xray> both =
        Stream.concat(
                development.get().xrays().stream()
                    .filter(x -> x.split() != Split.TEST)
                    .map(x -> of("training/", x)),
                asTest().xrays().stream().map(x -> of("judged/", x)))
            .toList();
    return collection.withXrays(both, List.of());
  }

  private static Xray of(String prefix, Xray x) {
    return new Xray(prefix + x.id(), x.source(), x.finding(), prefix + x.patient(), x.split());
  }
}
