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
 * The results below some folders, each seed of a recipe once.
 *
 * @param all in the order of the known recipes; others last, by name
 */
record ResultStore(List<Entry> all) {

  private static final int MAX_DEPTH = 8;

  /** The folder with results of earlier versions of a recipe. */
  private static final String SUPERSEDED = "superseded";

  /**
   * A stored result.
   *
   * @param path of its folder, with slashes, beginning with the name of the root
   */
  record Entry(String path, StoredResult result) {

    boolean isSuperseded() {
      return List.of(path.split("/", -1)).contains(SUPERSEDED);
    }
  }

  /**
   * Reads all results.
   *
   * @param roots folders of stored results, at any depth
   * @param recipes names of the known recipes, in order
   * @throws UserErrorException if a folder holds none, one is damaged, or a seed occurs twice
   */
  static ResultStore read(List<Path> roots, List<String> recipes) throws IOException {
    List<Entry> all = new ArrayList<>();
    for (Path root : roots) {
      all.addAll(read(root));
    }
    requireDistinct(all);
    all.sort(
        Comparator.<Entry>comparingInt(
                entry -> recipeOrder(recipes, entry.result().recipe().name()))
            .thenComparing(entry -> entry.result().recipe().name())
            .thenComparing(entry -> entry.result().seedGroupKey())
            .thenComparingLong(entry -> entry.result().recipe().seed())
            .thenComparing(Entry::path));
    return new ResultStore(List.copyOf(all));
  }

  /** Single models as they were trained. */
  List<Entry> singleModels() {
    return matching(result -> !result.isCalibrated() && !result.isKnn() && result.members() == 1);
  }

  /** Uncalibrated ensembles. */
  List<Entry> ensembles() {
    return matching(result -> !result.isCalibrated() && !result.isKnn() && result.members() > 1);
  }

  /** Uncalibrated KNN bundles. */
  List<Entry> knn() {
    return matching(result -> !result.isCalibrated() && result.isKnn());
  }

  /** Bundles that are calibrated on a site. */
  List<Entry> calibrated() {
    return matching(StoredResult::isCalibrated);
  }

  /** Single models, then ensembles. */
  List<Entry> uncalibrated() {
    return Stream.concat(singleModels().stream(), ensembles().stream()).toList();
  }

  /** Results of earlier versions of a recipe, which are in no other list. */
  List<Entry> superseded() {
    return all.stream().filter(Entry::isSuperseded).toList();
  }

  /** Whether all uncalibrated bundles were evaluated on the same images. */
  boolean usesOneDataset() {
    return matching(result -> !result.isCalibrated()).stream()
            .map(entry -> entry.result().data().fingerprint())
            .distinct()
            .count()
        < 2;
  }

  boolean anySynthetic() {
    return all.stream().anyMatch(entry -> entry.result().data().synthetic());
  }

  private List<Entry> matching(Predicate<StoredResult> wanted) {
    return all.stream()
        .filter(entry -> !entry.isSuperseded() && wanted.test(entry.result()))
        .toList();
  }

  private static void requireDistinct(List<Entry> all) {
    Set<String> seen = new HashSet<>();
    for (Entry entry : all) {
      StoredResult result = entry.result();
      String which = // the seed of an ensemble is that of its first member
          result.members() > 1
              ? result.name()
              : "seed %d of %s".formatted(result.recipe().seed(), result.name());
      if (!seen.add("%s %s %s".formatted(result.seedGroupKey(), which, entry.isSuperseded()))) {
        throw UserErrorException.of(
            "each seed and each ensemble of a recipe once",
            "%s again in %s".formatted(which, entry.path()),
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

  /** The relative path as given, else the folder's own name. */
  private static String displayName(Path root) {
    Path plain = root.normalize();
    return plain.isAbsolute() || plain.startsWith("..") || plain.toString().isEmpty()
        ? String.valueOf(root.toAbsolutePath().normalize().getFileName())
        : plain.toString().replace('\\', '/');
  }

  /** Such as the temporary folder of an interrupted write. */
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
