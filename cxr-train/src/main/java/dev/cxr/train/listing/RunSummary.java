package dev.cxr.train.listing;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.loop.RunLog;
import dev.cxr.train.loop.TrainingHistory;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.report.RunTimes;
import dev.cxr.train.run.MultiSeedRun;
import dev.cxr.train.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A training run.
 *
 * @param name its path below the folder of runs, with slashes
 * @param folder the run folder
 * @param status its state
 * @param started when it was started first; without a log, when its folder was made
 * @param ended when its log was written last; empty while it is running and without a log
 * @param seconds of training over all starts
 * @param dataset the name of the dataset
 * @param recipe the recipe as JSON, with its defaults
 * @param overview its main values
 * @param history every epoch so far; empty if it has inner runs
 * @param bestEpoch the epoch whose weights the bundle has, or would have if training ended now
 * @param bundle its model, once it is finished; never for several seeds
 * @param innerRuns the runs inside it: those of several seeds, or the steps of a cascade
 */
public record RunSummary(
    String name,
    Path folder,
    RunStatus status,
    Instant started,
    Optional<Instant> ended,
    double seconds,
    String dataset,
    JsonObject recipe,
    RecipeOverview overview,
    List<EpochMetrics> history,
    OptionalInt bestEpoch,
    Optional<BundleSummary> bundle,
    List<RunSummary> innerRuns) {

  private static final Gson GSON = new Gson();

  /**
   * The main values of a recipe.
   *
   * @param name of the recipe
   * @param task what to predict
   * @param architecture of the network
   * @param seed of everything random
   * @param epochs at most
   * @param cascade whether it trains two networks
   */
  public record RecipeOverview(
      String name, String task, String architecture, long seed, int epochs, boolean cascade) {

    static RecipeOverview of(ResultFile recipe) {
      return new RecipeOverview(
          recipe.text(recipe.root(), "name"),
          recipe.text(recipe.root(), "task"),
          recipe.text(recipe.root(), "architecture"),
          recipe.number(recipe.root(), "seed"),
          (int) recipe.number(recipe.root(), "epochs"),
          recipe.root().get("cascade") instanceof JsonPrimitive cascade && cascade.getAsBoolean());
    }
  }

  /** Reads a run folder and the runs inside it. */
  static RunSummary read(Path folder, String name) throws IOException {
    RunFolder.RunRequest request = RunFolder.readRequest(folder);
    Path recipeFile = RunFolder.recipeFile(folder);
    JsonObject recipe = GSON.toJsonTree(Recipes.values(recipeFile.toString())).getAsJsonObject();
    RecipeOverview overview = RecipeOverview.of(new ResultFile(recipeFile, recipe));
    List<RunSummary> innerRuns =
        request.seeds() > 1 || overview.cascade
            ? readInnerRuns(folder, name, request.seeds())
            : List.of();
    boolean running = // asked before the bundle, which is there first
        RunFolder.isRunning(folder)
            || innerRuns.stream().anyMatch(run -> run.status == RunStatus.RUNNING);
    Optional<BundleSummary> bundle =
        RunFolder.isComplete(folder)
            ? Optional.of(
                BundleSummary.read(folder.resolve(RunFolder.BUNDLE), name + "/" + RunFolder.BUNDLE))
            : Optional.empty();
    boolean complete =
        request.seeds() > 1
            ? innerRuns.size() == request.seeds()
                && innerRuns.stream().allMatch(RunSummary::isFinished)
            : bundle.isPresent();
    RunTimes times =
        RunTimes.read(folder.resolve(RunLog.FILE), running ? Instant.now() : Instant.EPOCH);
    RunStatus status =
        complete
            ? RunStatus.FINISHED
            : running ? RunStatus.RUNNING : unfinished(times.lastStart(), innerRuns);
    List<EpochMetrics> history = TrainingHistory.read(folder.resolve(TrainingHistory.FILE));
    return new RunSummary(
        name,
        folder,
        status,
        times.firstStart().orElse(RunFolder.created(folder)),
        status == RunStatus.RUNNING ? Optional.empty() : ended(times, innerRuns),
        times.seconds() + innerRuns.stream().mapToDouble(RunSummary::seconds).sum(),
        bundle.map(BundleSummary::dataset).orElseGet(() -> request.source().name()),
        recipe,
        overview,
        history,
        bestEpoch(folder, bundle, history),
        bundle,
        innerRuns);
  }

  private static List<RunSummary> readInnerRuns(Path folder, String name, int seeds)
      throws IOException {
    List<RunSummary> innerRuns = new ArrayList<>();
    for (Path inner : MultiSeedRun.innerRuns(folder, RunFolder.readRecipe(folder), seeds)) {
      if (Files.isDirectory(inner)) {
        innerRuns.add(read(inner, name + "/" + inner.getFileName()));
      }
    }
    return innerRuns;
  }

  /** Binds the recipe of an unfinished run only, since that takes as long as everything else. */
  private static OptionalInt bestEpoch(
      Path folder, Optional<BundleSummary> bundle, List<EpochMetrics> history) throws IOException {
    if (bundle.isPresent()) {
      return history.isEmpty() ? OptionalInt.empty() : OptionalInt.of(bundle.get().epoch());
    }
    Recipe bound = RunFolder.readRecipe(folder).recipe();
    return history.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(TrainingHistory.keptEpoch(history, bound));
  }

  private static RunStatus unfinished(RunTimes.LastStart last, List<RunSummary> innerRuns) {
    if (!innerRuns.isEmpty()) {
      return innerRuns.stream()
          .map(RunSummary::status)
          .filter(RunStatus::isResumable)
          .findFirst()
          .orElse(RunStatus.STOPPED);
    }
    return switch (last) {
      case OPEN -> RunStatus.KILLED;
      case ENDED -> RunStatus.STOPPED;
      case FAILED -> RunStatus.FAILED;
    };
  }

  private static Optional<Instant> ended(RunTimes times, List<RunSummary> innerRuns) {
    return Stream.concat(
            times.lastLine().stream(), innerRuns.stream().flatMap(run -> run.ended.stream()))
        .max(Comparator.naturalOrder());
  }

  private boolean isFinished() {
    return status == RunStatus.FINISHED;
  }

  /** The run, followed by those inside it. */
  Stream<RunSummary> withInnerRuns() {
    return Stream.concat(Stream.of(this), innerRuns.stream().flatMap(RunSummary::withInnerRuns));
  }

  /** Whether it is part of another run, which resumes it. */
  boolean isInner() {
    return name.contains("/");
  }

  /** {@return the command that continues it, if it can be continued} */
  public Optional<String> resumeCommand() {
    return status.isResumable() && !isInner()
        ? Optional.of(SuggestedCommand.of("cxr-train", "train").option("--resume", folder).line())
        : Optional.empty();
  }

  /** {@return the validation metrics of its bundle; empty before it is finished} */
  public Map<RunMetric, Estimate> validationMetrics() {
    return bundle.map(BundleSummary::validationMetrics).orElse(Map.of());
  }

  /** The metrics of the best epoch so far. */
  Optional<EpochMetrics> best() {
    return history.stream()
        .filter(epoch -> bestEpoch.isPresent() && epoch.epoch() == bestEpoch.getAsInt())
        .findFirst();
  }
}
