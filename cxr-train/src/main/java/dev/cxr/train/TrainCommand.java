package dev.cxr.train;

import ai.djl.Device;
import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.runtime.Workload;
import dev.cxr.train.machine.DeviceName;
import dev.cxr.train.machine.DeviceOption;
import dev.cxr.train.recipe.Recipes;
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
final class TrainCommand implements EngineCommand {

  private static final int INTERRUPTED = 130;
  private static final int MOST_SEEDS = 1000;

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
  private @Nullable Path resumed;

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
    requireSense();
    Device chosen = device.device();
    if (chosen.isGpu()) {
      System.out.println("Learning on " + DeviceName.of(chosen));
    }
    if (resumed != null) {
      return resume(resumed);
    }
    Recipes.Resolved recipe = options.recipe();
    String name = recipe.recipe().name();
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", name));
    System.out.printf("Training %s on %s into %s%n", name, options.data(), target);
    Source source = options.source();
    if (seeds == 1) {
      return lookAfter(
          target, care -> print(Runs.begin(recipe, source, target, care), target, source));
    }
    SeveralSeeds.begin(recipe, new RunFolder.Order(source, seeds, ""), target);
    return lookAfter(target, care -> several(target, seeds, source, care));
  }

  private int resume(Path folder) throws IOException {
    RunFolder.Order order = RunFolder.order(folder);
    Source source = options.isSourceGiven() ? options.source() : order.source();
    System.out.printf("Resuming %s%n", folder);
    return lookAfter(
        folder,
        care ->
            order.seeds() == 1
                ? resumeOne(folder, source, care)
                : several(folder, order.seeds(), source, care));
  }

  private void requireSense() {
    if (!(checkpointMinutes >= 0 && checkpointMinutes <= 1e6)) {
      throw UserErrorException.ofUsage(
          "0 to 1,000,000 for --checkpoint-minutes",
          String.valueOf(checkpointMinutes),
          "Change it.");
    }
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw UserErrorException.ofUsage(
          "1 to %d --seeds".formatted(MOST_SEEDS), String.valueOf(seeds), "Change it.");
    }
    if (resumed != null) {
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
  private interface Work {
    int under(Run.Care care) throws IOException;
  }

  private int lookAfter(Path folder, Work work) throws IOException {
    Duration saveEvery = Duration.ofMillis(Math.round(checkpointMinutes * 60_000));
    try {
      return work.under(new Run.Care(new StopSignal(), saveEvery, folder, device.device()));
    } catch (StopSignal.Given e) {
      return INTERRUPTED;
    }
  }

  private static int resumeOne(Path folder, Source source, Run.Care care) throws IOException {
    if (RunFolder.isComplete(folder)) {
      System.out.println("It is complete. Bundle: " + folder.resolve(RunFolder.BUNDLE));
      return 0;
    }
    return print(Runs.resume(folder, source, care), folder, source);
  }

  private static int several(Path folder, int seeds, Source source, Run.Care care)
      throws IOException {
    List<SeveralSeeds.Spread> spreads = SeveralSeeds.goOn(folder, seeds, source, care);
    System.out.printf("%n%d seeds, each at its own threshold, on validation:%n%n", seeds);
    System.out.println("                           mean  std. dev.   least to most");
    spreads.forEach(spread -> System.out.println(spread.line()));
    System.out.printf("%nFigures: %s%n", folder.resolve(SeveralSeeds.FIGURES));
    System.out.println("Research software, not a medical device.");
    return 0;
  }

  private static int print(Run.Outcome outcome, Path folder, Source source) {
    System.out.printf("%nValidation, which chose epoch and threshold:%n%n");
    System.out.println(outcome.verdict().text());
    Path bundle = folder.resolve(RunFolder.BUNDLE);
    System.out.println("Bundle: " + bundle);
    if (Files.exists(folder.resolve(RunFolder.CURVES))) {
      System.out.println("Curves: " + folder.resolve(RunFolder.CURVES));
    }
    if (Files.exists(folder.resolve("report.html"))) {
      System.out.println("Report: " + folder.resolve("report.html"));
    }
    System.out.println("Next:   " + source.evaluate(bundle));
    if (outcome.manifest().data().synthetic()) {
      System.out.println(
          "This was the built-in synthetic sample: it shows that the software works, nothing about"
              + " medicine.");
    }
    System.out.println("Research software, not a medical device.");
    return 0;
  }
}
