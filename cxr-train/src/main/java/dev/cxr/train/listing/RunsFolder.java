package dev.cxr.train.listing;

import com.google.gson.JsonObject;
import dev.cxr.common.cli.TextTable;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.ErrorFormatter;
import dev.cxr.data.image.UndecodableName;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.models.bundle.RecipeDifference;
import dev.cxr.train.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in a folder of runs, newest first.
 *
 * @param path the folder
 * @param runs training runs; those of several seeds and the steps of a cascade follow theirs
 * @param evaluations evaluations and comparisons
 * @param bundles bundles that are not inside a training run
 * @param others other results
 * @param skipped folders that could not be read or are no results, by name
 */
public record RunsFolder(
    Path path,
    List<RunSummary> runs,
    List<EvaluationSummary> evaluations,
    List<BundleSummary> bundles,
    List<OtherResult> others,
    List<SkippedFolder> skipped) {

  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_NAMES_SHOWN = 8;
  private static final int MAX_REASON_LENGTH = 400;
  private static final String UNFINISHED = ".unfinished-";

  /** The kinds of other results, by the file that a command writes. */
  private static final Map<String, String> OTHER_KINDS =
      Map.of(
          "audit.json", "audit",
          "explanations.json", "explanation",
          "load.json", "load test");

  /**
   * A result without metrics of a bundle.
   *
   * @param name its path below the folder of runs
   * @param kind audit, explanation or load test
   */
  public record OtherResult(String name, String kind) {}

  /**
   * A folder that is not listed.
   *
   * @param name its path below the folder of runs
   * @param reason in a sentence
   */
  public record SkippedFolder(String name, String reason) {}

  /**
   * The metrics of a run's bundle on the test split of its own dataset.
   *
   * @param evaluation the newest evaluation or comparison that has them
   * @param metrics the metrics
   */
  public record TestMetrics(String evaluation, Map<RunMetric, Estimate> metrics) {}

  /**
   * Reads a folder. A folder inside it that cannot be read is skipped, with the reason.
   *
   * @param path the folder
   * @return its content
   * @throws UsageErrorException if it is not a folder
   * @throws IOException if it cannot be listed
   */
  public static RunsFolder read(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      throw UsageErrorException.of(
          "a folder of runs",
          Files.exists(path) ? "a file at " + path : "nothing at " + path,
          "Name the folder with --dir, or train first.");
    }
    Reader reader = new Reader(path);
    try (Stream<Path> list = Files.list(path)) {
      list.limit(MAX_ENTRIES + 1L)
          .sorted(Comparator.comparing(Files::isSymbolicLink).thenComparing(Path::getFileName))
          .forEach(reader::add);
    }
    return reader.result();
  }

  /** Sorts the folders by what they are. */
  private static final class Reader {
    private final Path path;
    private final List<RunSummary> runs = new ArrayList<>();
    private final List<EvaluationSummary> evaluations = new ArrayList<>();
    private final List<BundleSummary> bundles = new ArrayList<>();
    private final List<OtherResult> others = new ArrayList<>();
    private final List<SkippedFolder> skipped = new ArrayList<>();
    private final Map<Path, String> names = new HashMap<>();
    private int entries;

    Reader(Path path) {
      this.path = path;
    }

    void add(Path entry) {
      String name = String.valueOf(entry.getFileName());
      Optional<UndecodableName> undecodable = UndecodableName.of(entry);
      if (++entries > MAX_ENTRIES) {
        skip(
            "…",
            "The folder has more than %d entries; the rest is not read.".formatted(MAX_ENTRIES));
      } else if (undecodable.isPresent()) {
        skip(undecodable.get().text(), "Not read: %s.".formatted(undecodable.get().problem()));
      } else if (name.startsWith(".")) {
        if (name.contains(UNFINISHED)) {
          skip(name, "Unfinished: a command is writing it now, or was killed.");
        }
      } else if (Files.isDirectory(entry)) {
        try {
          addFolder(entry, name);
        } catch (IOException | RuntimeException | StackOverflowError e) {
          // A damaged folder must not hide the others.
          skip(name, ErrorFormatter.format(e));
        }
      } else if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
        skip(name, "A link to nothing.");
      }
    }

    private void addFolder(Path folder, String name) throws IOException {
      String other = names.putIfAbsent(folder.toRealPath(), name);
      if (other != null) {
        skip(name, "A link to %s, which is listed.".formatted(other));
      } else if (RunFolder.isRun(folder)) {
        runs.add(RunSummary.read(folder, name));
      } else if (Files.exists(folder.resolve(EvaluationSummary.METRICS))) {
        evaluations.add(EvaluationSummary.readEvaluation(folder, name));
      } else if (Files.exists(folder.resolve(EvaluationSummary.COMPARISON))) {
        evaluations.add(EvaluationSummary.readComparison(folder, name));
      } else if (BundleSummary.isBundle(folder)) {
        bundles.add(BundleSummary.read(folder, name));
      } else {
        OTHER_KINDS.entrySet().stream()
            .filter(kind -> Files.exists(folder.resolve(kind.getKey())))
            .findFirst()
            .ifPresentOrElse(
                kind -> others.add(new OtherResult(name, kind.getValue())),
                () -> skip(name, "No run, evaluation, comparison, bundle or other result."));
      }
    }

    private void skip(String name, String reason) {
      skipped.add(new SkippedFolder(name, TextTable.shortened(reason, MAX_REASON_LENGTH)));
    }

    RunsFolder result() {
      runs.sort(newestFirst(RunSummary::started));
      evaluations.sort(newestFirst(EvaluationSummary::written));
      bundles.sort(newestFirst(BundleSummary::written));
      return new RunsFolder(
          path,
          runs.stream().flatMap(RunSummary::withInnerRuns).toList(),
          evaluations,
          bundles,
          others,
          skipped);
    }

    private static <T> Comparator<T> newestFirst(Function<T, Instant> time) {
      return Comparator.comparing(time).reversed();
    }
  }

  /**
   * The part of some runs and results: a run with those inside it and with its evaluations.
   *
   * @param names as in the list, or paths
   * @return what they name; everything if there are none
   * @throws UsageErrorException if nothing has such a name
   */
  public RunsFolder select(List<String> names) {
    if (names.isEmpty()) {
      return this;
    }
    Set<String> chosen = names.stream().map(this::listedName).collect(Collectors.toSet());
    List<RunSummary> chosenRuns =
        runs.stream()
            .filter(run -> chosen.stream().anyMatch(name -> isWithin(run.name(), name)))
            .toList();
    Set<String> ids =
        chosenRuns.stream()
            .flatMap(run -> run.bundle().stream())
            .map(BundleSummary::id)
            .collect(Collectors.toSet());
    return new RunsFolder(
        path,
        chosenRuns,
        evaluations.stream()
            .filter(
                evaluation ->
                    chosen.contains(evaluation.name())
                        || evaluation.bundles().stream().anyMatch(b -> ids.contains(b.id())))
            .toList(),
        bundles.stream().filter(bundle -> chosen.contains(bundle.name())).toList(),
        others.stream().filter(other -> chosen.contains(other.name())).toList(),
        skipped.stream().filter(folder -> chosen.contains(folder.name())).toList());
  }

  private static boolean isWithin(String name, String outer) {
    return name.equals(outer) || name.startsWith(outer + "/");
  }

  private String listedName(String given) {
    Path absolute = path.toAbsolutePath().normalize();
    Path asPath = Path.of(given).toAbsolutePath().normalize();
    Path relative =
        asPath.startsWith(absolute) ? absolute.relativize(asPath) : Path.of(given).normalize();
    String name = relative.toString().replace('\\', '/');
    List<String> all = names();
    if (!all.contains(name)) {
      throw UsageErrorException.of(
          "names from the list: "
              + all.stream().limit(MAX_NAMES_SHOWN).collect(Collectors.joining(", "))
              + (all.size() > MAX_NAMES_SHOWN ? ", …" : ""),
          "'%s', which is not in %s".formatted(given, path),
          "Run the command without names to see all.");
    }
    return name;
  }

  private List<String> names() {
    return Stream.of(
            runs.stream().map(RunSummary::name),
            evaluations.stream().map(EvaluationSummary::name),
            bundles.stream().map(BundleSummary::name),
            others.stream().map(OtherResult::name),
            skipped.stream().map(SkippedFolder::name))
        .flatMap(names -> names)
        .toList();
  }

  /** {@return how much of each kind there is, such as {@code 3 training runs, 1 evaluation}} */
  public String counts() {
    String counts =
        Stream.of(
                count(runs.size(), "training run"),
                count(evaluations.size(), "evaluation"),
                count(bundles.size(), "other bundle"),
                count(others.size(), "other result"),
                skipped.isEmpty() ? "" : skipped.size() + " skipped")
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
    return counts.isEmpty() ? "no runs" : counts;
  }

  private static String count(int number, String noun) {
    return number == 0 ? "" : number + " " + noun + (number == 1 ? "" : "s");
  }

  /**
   * The run or bundle folder that has a bundle.
   *
   * @param id of the bundle
   * @return its name; empty if none of the listed has it
   */
  public Optional<String> ownerOf(String id) {
    return Stream.concat(
            runs.stream()
                .filter(run -> run.bundle().filter(bundle -> bundle.id().equals(id)).isPresent())
                .map(RunSummary::name),
            bundles.stream().filter(bundle -> bundle.id().equals(id)).map(BundleSummary::name))
        .findFirst();
  }

  /**
   * The test metrics of a bundle.
   *
   * @param bundle the bundle
   * @return of the newest evaluation of the test split of its dataset; empty without one
   */
  public Optional<TestMetrics> test(BundleSummary bundle) {
    return evaluations.stream()
        .flatMap(
            evaluation ->
                evaluation.test(bundle.id(), bundle.dataset()).stream()
                    .map(tested -> new TestMetrics(evaluation.name(), tested.metrics())))
        .findFirst();
  }

  /** {@return the runs that have been trained themselves: not the folders of several seeds} */
  public List<RunSummary> trainings() {
    return runs.stream()
        .filter(run -> run.innerRuns().isEmpty() || run.overview().cascade())
        .toList();
  }

  /**
   * {@return what differs between {@link #trainings}, with a value for each: the dataset, then keys
   * of the recipe}
   */
  public List<RecipeDifference> differences() {
    List<RunSummary> trainings = trainings();
    return RecipeDifference.of(trainings.stream().map(RunsFolder::datasetAndRecipe).toList());
  }

  private static JsonObject datasetAndRecipe(RunSummary run) {
    JsonObject all = new JsonObject();
    all.addProperty("dataset", run.dataset());
    run.recipe().entrySet().forEach(e -> all.add(e.getKey(), e.getValue()));
    return all;
  }
}
