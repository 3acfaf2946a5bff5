package dev.cxr.eval.results;

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
record KeptResults(List<Kept> all) {

  private static final int DEEPEST = 8;

  /** The folder of results of earlier versions of a recipe. */
  private static final String SUPERSEDED = "superseded";

  /**
   * A stored result.
   *
   * @param path of its folder, with slashes, from the root's own name on
   */
  record Kept(String path, StoredResult result) {

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
  static KeptResults read(List<Path> roots, List<String> recipes) throws IOException {
    List<Kept> all = new ArrayList<>();
    for (Path root : roots) {
      all.addAll(read(root));
    }
    requireOnce(all);
    all.sort(
        Comparator.<Kept>comparingInt(kept -> place(recipes, kept.result().recipe().name()))
            .thenComparing(kept -> kept.result().recipe().name())
            .thenComparing(kept -> kept.result().family())
            .thenComparingLong(kept -> kept.result().recipe().seed())
            .thenComparing(Kept::path));
    return new KeptResults(List.copyOf(all));
  }

  /** Single models as training left them. */
  List<Kept> plain() {
    return those(result -> !result.isCalibrated() && !result.isVoted() && result.members() == 1);
  }

  /** Means of several models, as they were made. */
  List<Kept> ensembles() {
    return those(result -> !result.isCalibrated() && !result.isVoted() && result.members() > 1);
  }

  /** Those in which training pictures vote. */
  List<Kept> voted() {
    return those(result -> !result.isCalibrated() && result.isVoted());
  }

  /** Whatever was calibrated on a site. */
  List<Kept> calibrated() {
    return those(StoredResult::isCalibrated);
  }

  /** Plain ones, then ensembles: whatever answers by its own last layer, at its own threshold. */
  List<Kept> uncalibrated() {
    return Stream.concat(plain().stream(), ensembles().stream()).toList();
  }

  /** What an earlier version of a recipe gave; it takes part in nothing else. */
  List<Kept> superseded() {
    return all.stream().filter(Kept::isSuperseded).toList();
  }

  /** Whether all at their own thresholds were judged on the same pictures. */
  boolean isOfOneCollection() {
    return those(result -> !result.isCalibrated()).stream()
            .map(kept -> kept.result().data().fingerprint())
            .distinct()
            .count()
        < 2;
  }

  boolean anySynthetic() {
    return all.stream().anyMatch(kept -> kept.result().data().synthetic());
  }

  private List<Kept> those(Predicate<StoredResult> wanted) {
    return all.stream().filter(kept -> !kept.isSuperseded() && wanted.test(kept.result())).toList();
  }

  private static void requireOnce(List<Kept> all) {
    Set<String> seen = new HashSet<>();
    for (Kept kept : all) {
      StoredResult result = kept.result();
      String which = // of an ensemble the seed is that of its first member
          result.members() > 1
              ? result.name()
              : "seed %d of %s".formatted(result.recipe().seed(), result.name());
      if (!seen.add("%s %s %s".formatted(result.family(), which, kept.isSuperseded()))) {
        throw UserErrorException.of(
            "each seed of a recipe once, and one ensemble of as many members",
            "%s again in %s".formatted(which, kept.path()),
            "Remove one of them.");
      }
    }
  }

  private static int place(List<String> recipes, String name) {
    int place = recipes.indexOf(name);
    return place < 0 ? recipes.size() : place;
  }

  private static List<Kept> read(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      throw refusal(root);
    }
    Path real = root.toRealPath();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(real, DEEPEST)) {
      files =
          walk.filter(file -> file.endsWith(StoredResult.FILE))
              .filter(file -> !isHidden(real.relativize(file)))
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      throw refusal(root);
    }
    String name = nameOf(root);
    List<Kept> all = new ArrayList<>();
    for (Path file : files) {
      StoredResult result = StoredResult.read(file);
      String below = real.relativize(file).toString().replace('\\', '/');
      String folder = below.substring(0, Math.max(0, below.lastIndexOf('/')));
      all.add(new Kept(folder.isEmpty() ? name : name + "/" + folder, result));
    }
    return all;
  }

  /** As it was named below the working folder; else by its own name. */
  private static String nameOf(Path root) {
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

  private static UserErrorException refusal(Path root) {
    return UserErrorException.of(
        "a folder with results that `collect` wrote",
        "none at " + root,
        "Collect an evaluation first.");
  }
}
