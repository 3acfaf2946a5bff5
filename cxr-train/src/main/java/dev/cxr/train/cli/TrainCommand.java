package dev.cxr.train.cli;

import ai.djl.Device;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.runtime.Workload;
import dev.cxr.data.index.CsvManifestWriter;
import dev.cxr.data.index.DatasetSplitter;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import dev.cxr.train.device.DeviceChoice;
import dev.cxr.train.export.BundleExporter.TrainingResult;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.run.DatasetLocation;
import dev.cxr.train.run.MultiSeedRun;
import dev.cxr.train.run.RunFolder;
import dev.cxr.train.run.TrainingLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.io.function.IOFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a recipe. */
@Command(
    name = "train",
    description = {
      "Train a recipe on a dataset and write the bundle of the best epoch. Training stops when the"
          + " monitored metric no longer improves.",
      "Ctrl-C saves a checkpoint and stops. --resume continues from there, or from the last checkpoint after a crash, and"
          + " gives the same bundle as a run without interruption."
    })
public final class TrainCommand implements EngineCommand {

  private static final int EXIT_INTERRUPTED = 130;

  @Mixin private RecipeOptions options = new RecipeOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder to create (default: the next free runs/RECIPE-NNN).")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Resume the run in this folder with its recipe; --data only if its images have moved.")
  private @Nullable Path resumeFolder;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Train with N consecutive seeds, starting with the recipe's, and report mean and standard"
              + " deviation (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--test-fraction",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Of a dataset without a test split keep this share of the patients, such as 0.2, for test:"
              + " RUN-dataset.csv beside the run folder lists all images with their split.")
  private double testFraction;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "MINUTES",
      defaultValue = "10",
      description =
          "Time between checkpoints within an epoch (default: ${DEFAULT-VALUE}); every epoch ends"
              + " with one.")
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
      System.out.println("Training on " + DeviceChoice.nameOf(chosen));
    }
    if (resumeFolder != null) {
      return resume(resumeFolder, chosen);
    }
    Recipes.ResolvedRecipe recipe = options.recipe();
    String name = recipe.recipe().name();
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", name));
    System.out.printf("Training %s on %s into %s%n", name, options.data.data(), target);
    DatasetLocation source =
        testFraction == 0 ? options.source() : splitDataset(recipe.recipe(), target);
    if (seeds > 1) {
      return runStoppable(
          target,
          chosen,
          running ->
              RunFolder.create(
                  target,
                  recipe,
                  new RunFolder.RunRequest(source, seeds, ""),
                  () -> trainSeeds(target, seeds, source, running)));
    }
    return runStoppable(
        target,
        chosen,
        running ->
            printResult(TrainingLauncher.start(recipe, source, target, running), target, source));
  }

  /** Keeps patients for test; the manifest lies beside the run folder, which needs it. */
  private DatasetLocation splitDataset(Recipe recipe, Path target) throws IOException {
    Path manifest = target.resolveSibling(target.getFileName() + "-dataset.csv");
    if (Files.exists(manifest)) {
      throw UsageErrorException.of(
          "a new file for the splits",
          manifest + ", which exists",
          "Use it with --data in place of --test-fraction, or delete it.");
    }
    List<Xray> xrays = new DatasetSplitter(testFraction, 0, 0).split(options.openDataset(recipe));
    CsvManifestWriter.write(xrays, manifest);
    List<Xray> test = xrays.stream().filter(x -> x.split() == Split.TEST).toList();
    System.out.printf(
        "Kept for test: %d images of %d patients, see %s%n",
        test.size(), test.stream().map(Xray::patient).distinct().count(), manifest);
    return DatasetLocation.of(manifest.toString(), null, List.of(), null);
  }

  private int resume(Path folder, Device chosen) throws IOException {
    RunFolder.RunRequest request = RunFolder.readRequest(folder);
    DatasetLocation source = options.data.isGiven() ? options.source() : request.source();
    System.out.printf("Resuming %s%n", folder);
    if (request.seeds() > 1) {
      return runStoppable(
          folder, chosen, running -> trainSeeds(folder, request.seeds(), source, running));
    }
    if (RunFolder.isComplete(folder)) {
      System.out.println("The run is complete. Bundle: " + folder.resolve(RunFolder.BUNDLE));
      return 0;
    }
    return runStoppable(
        folder,
        chosen,
        running -> printResult(TrainingLauncher.resume(folder, source, running), folder, source));
  }

  private void validateOptions() {
    if (!(checkpointMinutes >= 0 && checkpointMinutes <= 1e6)) {
      throw UsageErrorException.of(
          "--checkpoint-minutes from 0 to 1,000,000",
          String.valueOf(checkpointMinutes),
          "Give minutes, such as --checkpoint-minutes 10.");
    }
    if (seeds < 1 || seeds > MultiSeedRun.MAX_SEEDS) {
      throw UsageErrorException.of(
          "--seeds from 1 to " + MultiSeedRun.MAX_SEEDS,
          String.valueOf(seeds),
          "Give a number of runs, such as --seeds 3.");
    }
    if (!(testFraction >= 0 && testFraction <= 0.9)) {
      throw UsageErrorException.of(
          "--test-fraction from 0 to 0.9",
          String.valueOf(testFraction),
          "Give a share, such as --test-fraction 0.2.");
    }
    if (resumeFolder != null) {
      options.requireNoRecipe();
      if (out != null || seeds != 1 || testFraction != 0) {
        throw UsageErrorException.of(
            "--resume with the folder, seeds and dataset of the run",
            out != null
                ? "--out " + out
                : seeds != 1 ? "--seeds " + seeds : "--test-fraction " + testFraction,
            "Omit it, or start a new run.");
      }
    }
  }

  /** Returns the exit code of some work. */
  private int runStoppable(Path folder, Device chosen, IOFunction<TrainingOptions, Integer> work)
      throws IOException {
    Duration interval = Duration.ofMillis(Math.round(checkpointMinutes * 60_000));
    StopSignal stop = new StopSignal();
    try (ConsoleListener console = new ConsoleListener(stop, folder)) {
      try {
        return work.apply(new TrainingOptions(stop, interval, chosen, console));
      } catch (StopSignal.StopRequestedException e) {
        return EXIT_INTERRUPTED;
      } catch (IOException e) {
        if (Files.isDirectory(folder)) {
          console.printResumeCommand("Training up to the last checkpoint is kept.");
        }
        throw e;
      }
    }
  }

  private static int trainSeeds(
      Path folder, int seeds, DatasetLocation source, TrainingOptions running) throws IOException {
    List<MultiSeedRun.MetricSummary> summaries =
        MultiSeedRun.resume(folder, seeds, source, running);
    System.out.printf("%n%d seeds, each at its own threshold, on validation:%n%n", seeds);
    System.out.println("                           mean  std. dev.   least to most");
    summaries.forEach(summary -> System.out.println(summary.toText()));
    System.out.printf("%nMetrics: %s%n", folder.resolve(MultiSeedRun.SUMMARY_FILE));
    System.out.println("Research software, not a medical device.");
    return 0;
  }

  private static int printResult(TrainingResult result, Path folder, DatasetLocation source) {
    System.out.printf("%nValidation, which also chose epoch and threshold:%n%n");
    System.out.println(result.validation().toText());
    Path bundle = folder.resolve(RunFolder.BUNDLE);
    System.out.println("Bundle: " + bundle);
    if (Files.exists(folder.resolve("report.html"))) {
      System.out.println("Report: " + folder.resolve("report.html"));
    }
    if (!result.hasTestSplit()) {
      System.out.println(
          "The dataset has no test split, so nothing measures the model independently: train with"
              + " --test-fraction, or divide the dataset with `split` first.");
    }
    System.out.println("Next:   " + source.evaluateCommand(bundle, result.hasTestSplit()));
    if (result.manifest().data().synthetic()) {
      System.out.println(
          "Trained on the built-in synthetic sample: the result shows that the software works, and"
              + " says nothing about medicine.");
    }
    System.out.println("Research software, not a medical device.");
    return 0;
  }
}
