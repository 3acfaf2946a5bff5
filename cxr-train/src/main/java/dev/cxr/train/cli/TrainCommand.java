package dev.cxr.train.cli;

import ai.djl.Device;
import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.runtime.Workload;
import dev.cxr.train.device.DeviceName;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.run.DatasetLocation;
import dev.cxr.train.run.MultiSeedRun;
import dev.cxr.train.run.RunFolder;
import dev.cxr.train.run.TrainingRun;
import dev.cxr.train.run.TrainingRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains. */
@Command(
    name = "train",
    description = {
      "Train a recipe on a collection until the monitored figure no longer gets better, and write"
          + " the best epoch's model as a bundle.",
      "Ctrl-C saves; --resume goes on from there, or from the last checkpoint before a crash, and"
          + " gives the bundle that the run would have given without a stop."
    })
public final class TrainCommand implements EngineCommand {

  private static final int EXIT_INTERRUPTED = 130;
  private static final int MAX_SEEDS = 1000;

  @Mixin private RecipeOptions options = new RecipeOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder to make (default: the next free runs/RECIPE-NNN).")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Go on with the run in this folder, under its own recipe; --data only if its pictures have"
              + " moved.")
  private @Nullable Path resumeFolder;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Train N times, with the recipe's seed and those after it, and tell mean and spread"
              + " (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "MINUTES",
      defaultValue = "10",
      description =
          "How long to learn within an epoch before saving (default: ${DEFAULT-VALUE}); the end of"
              + " each epoch is saved anyway.")
  private double checkpointMinutes;

  @Mixin private DeviceOption device = new DeviceOption();

  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException {
    validateOptions();
    Device chosen = device.device();
    if (chosen.isGpu()) {
      System.out.println("Learning on " + DeviceName.of(chosen));
    }
    if (resumeFolder != null) {
      return resume(resumeFolder);
    }
    Recipes.ResolvedRecipe recipe = options.recipe();
    String name = recipe.recipe().name();
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", name));
    System.out.printf("Training %s on %s into %s%n", name, options.data(), target);
    DatasetLocation source = options.source();
    if (seeds == 1) {
      return runStoppable(
          target,
          care -> printOutcome(TrainingRuns.start(recipe, source, target, care), target, source));
    }
    MultiSeedRun.create(recipe, new RunFolder.RunRequest(source, seeds, ""), target);
    return runStoppable(target, care -> trainSeeds(target, seeds, source, care));
  }

  private int resume(Path folder) throws IOException {
    RunFolder.RunRequest order = RunFolder.readRequest(folder);
    DatasetLocation source = options.isDataSpecified() ? options.source() : order.source();
    System.out.printf("Resuming %s%n", folder);
    return runStoppable(
        folder,
        care ->
            order.seeds() == 1
                ? resumeOne(folder, source, care)
                : trainSeeds(folder, order.seeds(), source, care));
  }

  private void validateOptions() {
    if (!(checkpointMinutes >= 0 && checkpointMinutes <= 1e6)) {
      throw UserErrorException.ofUsage(
          "0 to 1,000,000 for --checkpoint-minutes",
          String.valueOf(checkpointMinutes),
          "Change it.");
    }
    if (seeds < 1 || seeds > MAX_SEEDS) {
      throw UserErrorException.ofUsage(
          "1 to %d --seeds".formatted(MAX_SEEDS), String.valueOf(seeds), "Change it.");
    }
    if (resumeFolder != null) {
      options.requireNoRecipe();
      if (out != null || seeds != 1) {
        throw UserErrorException.ofUsage(
            "--resume with the folder and the seeds that the run began with",
            out != null ? "--out " + out : "--seeds " + seeds,
            "Leave it out, or begin a new run.");
      }
    }
  }

  /** Work that can be stopped; it answers its exit code. */
  @FunctionalInterface
  private interface StoppableWork {
    int run(TrainingRun.RunOptions care) throws IOException;
  }

  private int runStoppable(Path folder, StoppableWork work) throws IOException {
    Duration saveEvery = Duration.ofMillis(Math.round(checkpointMinutes * 60_000));
    try {
      return work.run(
          new TrainingRun.RunOptions(new StopSignal(), saveEvery, folder, device.device()));
    } catch (StopSignal.StopRequestedException e) {
      return EXIT_INTERRUPTED;
    }
  }

  private static int resumeOne(Path folder, DatasetLocation source, TrainingRun.RunOptions care)
      throws IOException {
    if (RunFolder.isComplete(folder)) {
      System.out.println("It is complete. Bundle: " + folder.resolve(RunFolder.BUNDLE));
      return 0;
    }
    return printOutcome(TrainingRuns.resume(folder, source, care), folder, source);
  }

  private static int trainSeeds(
      Path folder, int seeds, DatasetLocation source, TrainingRun.RunOptions care)
      throws IOException {
    List<MultiSeedRun.SeedSummary> spreads = MultiSeedRun.resume(folder, seeds, source, care);
    System.out.printf("%n%d seeds, each at its own threshold, on validation:%n%n", seeds);
    System.out.println("                           mean  std. dev.   least to most");
    spreads.forEach(spread -> System.out.println(spread.toText()));
    System.out.printf("%nFigures: %s%n", folder.resolve(MultiSeedRun.SUMMARY_FILE));
    System.out.println("Research software, not a medical device.");
    return 0;
  }

  private static int printOutcome(
      TrainingRun.RunOutcome outcome, Path folder, DatasetLocation source) {
    System.out.printf("%nValidation, which chose epoch and threshold:%n%n");
    System.out.println(outcome.validation().toText());
    Path bundle = folder.resolve(RunFolder.BUNDLE);
    System.out.println("Bundle: " + bundle);
    if (Files.exists(folder.resolve(RunFolder.CURVES))) {
      System.out.println("Curves: " + folder.resolve(RunFolder.CURVES));
    }
    if (Files.exists(folder.resolve("report.html"))) {
      System.out.println("Report: " + folder.resolve("report.html"));
    }
    System.out.println("Next:   " + source.evaluateCommand(bundle));
    if (outcome.manifest().data().synthetic()) {
      System.out.println(
          "This was the built-in synthetic sample: it shows that the software works, nothing about"
              + " medicine.");
    }
    System.out.println("Research software, not a medical device.");
    return 0;
  }
}
