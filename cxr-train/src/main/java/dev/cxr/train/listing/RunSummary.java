package dev.cxr.train.listing;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
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
 * @param recipe what it trains
 * @param recipeValues the recipe as JSON
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
    Recipe recipe,
    JsonElement recipeValues,
    List<EpochMetrics> history,
    OptionalInt bestEpoch,
    Optional<BundleSummary> bundle,
    List<RunSummary> innerRuns) {

  private static final Gson GSON = new Gson();

  /** Reads a run folder and the runs inside it. */
  static RunSummary read(Path folder, String name) throws IOException {
    RunFolder.RunRequest request = RunFolder.readRequest(folder);
    Recipes.ResolvedRecipe recipe = RunFolder.readRecipe(folder);
    List<RunSummary> innerRuns = new ArrayList<>();
    for (Path inner : MultiSeedRun.innerRuns(folder, recipe, request.seeds())) {
      if (Files.isDirectory(inner)) {
        innerRuns.add(read(inner, name + "/" + inner.getFileName()));
      }
    }
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
        recipe.recipe(),
        GSON.toJsonTree(recipe.values()),
        history,
        history.isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(TrainingHistory.keptEpoch(history, recipe.recipe())),
        bundle,
        innerRuns);
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
        ? Optional.of(SuggestedCommand.of("cxr-train", "train --resume " + folder))
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
