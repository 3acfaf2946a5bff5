package dev.cxr.reproduction.results;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The results that lie below some folders, each seed of a recipe once.
 *
 * @param all in the order of the recipes that are asked for, those of others last by their name
 */
record ResultStore(List<Entry> all) {

  private static final int MAX_DEPTH = 8;

  /** The folder of results of earlier versions of a recipe. */
  private static final String SUPERSEDED = "superseded";

  /**
   * A stored result.
   *
   * @param path of its folder, with slashes, from the root's own name on
   */
  record Entry(String path, StoredResult result) {

    boolean isSuperseded() {
      return List.of(path.split("/", -1)).contains(SUPERSEDED);
    }
  }

  /**
   * Reads them.
   *
   * @param roots folders of stored results, at any depth
   * @param recipes names, in their order
   * @throws UserErrorException if a folder holds none, one is damaged, or a seed is there twice
   */
  static ResultStore read(List<Path> roots, List<String> recipes) throws IOException {
    List<Entry> all = new ArrayList<>();
    for (Path root : roots) {
      all.addAll(read(root));
    }
    requireDistinct(all);
    all.sort(
        Comparator.<Entry>comparingInt(kept -> recipeOrder(recipes, kept.result().recipe().name()))
            .thenComparing(kept -> kept.result().recipe().name())
            .thenComparing(kept -> kept.result().seedGroupKey())
            .thenComparingLong(kept -> kept.result().recipe().seed())
            .thenComparing(Entry::path));
    return new ResultStore(List.copyOf(all));
  }

  /** Single models as training left them. */
  List<Entry> singleModels() {
    return matching(result -> !result.isCalibrated() && !result.isKnn() && result.members() == 1);
  }

  /** Means of several models, as they were made. */
  List<Entry> ensembles() {
    return matching(result -> !result.isCalibrated() && !result.isKnn() && result.members() > 1);
  }

  /** Those in which training pictures vote. */
  List<Entry> knn() {
    return matching(result -> !result.isCalibrated() && result.isKnn());
  }

  /** Whatever was calibrated on a site. */
  List<Entry> calibrated() {
    return matching(StoredResult::isCalibrated);
  }

  /** Plain ones, then ensembles: whatever answers by its own last layer, at its own threshold. */
  List<Entry> uncalibrated() {
    return Stream.concat(singleModels().stream(), ensembles().stream()).toList();
  }

  /** What an earlier version of a recipe gave; it takes part in nothing else. */
  List<Entry> superseded() {
    return all.stream().filter(Entry::isSuperseded).toList();
  }

  /** Whether all at their own thresholds were judged on the same pictures. */
  boolean usesOneDataset() {
    return matching(result -> !result.isCalibrated()).stream()
            .map(kept -> kept.result().data().fingerprint())
            .distinct()
            .count()
        < 2;
  }

  boolean anySynthetic() {
    return all.stream().anyMatch(kept -> kept.result().data().synthetic());
  }

  private List<Entry> matching(Predicate<StoredResult> wanted) {
    return all.stream().filter(kept -> !kept.isSuperseded() && wanted.test(kept.result())).toList();
  }

  private static void requireDistinct(List<Entry> all) {
    Set<String> seen = new HashSet<>();
    for (Entry kept : all) {
      StoredResult result = kept.result();
      String which = // of an ensemble the seed is that of its first member
          result.members() > 1
              ? result.displayName()
              : "seed %d of %s".formatted(result.recipe().seed(), result.displayName());
      if (!seen.add("%s %s %s".formatted(result.seedGroupKey(), which, kept.isSuperseded()))) {
        throw UserErrorException.of(
            "each seed of a recipe once, and one ensemble of as many members",
            "%s again in %s".formatted(which, kept.path()),
            "Remove one of them.");
      }
    }
  }

  private static int recipeOrder(List<String> recipes, String name) {
    int place = recipes.indexOf(name);
    return place < 0 ? recipes.size() : place;
  }

  private static List<Entry> read(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      throw noResults(root);
    }
    Path real = root.toRealPath();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(real, MAX_DEPTH)) {
      files =
          walk.filter(file -> file.endsWith(StoredResult.FILE))
              .filter(file -> !isHidden(real.relativize(file)))
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      throw noResults(root);
    }
    String name = displayName(root);
    List<Entry> all = new ArrayList<>();
    for (Path file : files) {
      StoredResult result = StoredResult.read(file);
      String below = real.relativize(file).toString().replace('\\', '/');
      String folder = below.substring(0, Math.max(0, below.lastIndexOf('/')));
      all.add(new Entry(folder.isEmpty() ? name : name + "/" + folder, result));
    }
    return all;
  }

  /** As it was named below the working folder; else by its own name. */
  private static String displayName(Path root) {
    Path plain = root.normalize();
    return plain.isAbsolute() || plain.startsWith("..") || plain.toString().isEmpty()
        ? String.valueOf(root.toAbsolutePath().normalize().getFileName())
        : plain.toString().replace('\\', '/');
  }

  /** Such as what a killed writer left aside. */
  private static boolean isHidden(Path below) {
    return StreamSupport.stream(below.spliterator(), false)
        .anyMatch(part -> part.toString().startsWith("."));
  }

  private static UserErrorException noResults(Path root) {
    return UserErrorException.of(
        "a folder with results that `collect` wrote",
        "none at " + root,
        "Collect an evaluation first.");
  }
}
