package dev.cxr.train.run;

import ai.djl.engine.Engine;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.dataset.SeedDerivation;
import dev.cxr.eval.prediction.ParallelInference;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.device.DeviceChoice;
import dev.cxr.train.export.BundleExporter;
import dev.cxr.train.export.BundleExporter.TrainingResult;
import dev.cxr.train.export.ExportableModel;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.loop.CheckpointFolder;
import dev.cxr.train.loop.LearnerFactory;
import dev.cxr.train.loop.RunLog;
import dev.cxr.train.loop.StopSignal.StopRequestedException;
import dev.cxr.train.loop.TrainingHistory;
import dev.cxr.train.loop.TrainingListener.Outcome;
import dev.cxr.train.loop.TrainingLoop;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.report.RunReport;
import dev.cxr.train.report.RunReportWriter;
import dev.cxr.train.tensorboard.TensorBoardLogger;
import java.io.IOException;
import java.nio.file.Path;

/** Trains one recipe with one seed: from recipe and dataset to a run folder with a bundle. */
final class TrainingRun implements AutoCloseable {

  private static final long DISK_RESERVE_BYTES = 256L << 20;
  private static final int SIMULTANEOUS_CHECKPOINTS = 3;

  private final Recipes.ResolvedRecipe resolved;
  private final Recipe recipe;
  private final DatasetLocation source;
  private final TrainingOptions options;
  private final TrainingData data;
  private final Learner learner;

  private TrainingRun(
      Recipes.ResolvedRecipe resolved, DatasetLocation source, TrainingOptions options)
      throws IOException {
    this.resolved = resolved;
    this.recipe = resolved.recipe();
    this.source = source;
    this.options = options;
    data = TrainingData.open(recipe, source.openDataset(recipe));
    data.images().index().notices().forEach(n -> options.listener().onMessage("Note: " + n));
    recipe
        .warmUpSteps()
        .notice(TrainingLoop.totalStepsOf(recipe, data))
        .ifPresent(n -> options.listener().onMessage("Note: " + n));
    Engine.getInstance().setRandomSeed((int) SeedDerivation.derive(recipe.seed()));
    learner =
        LearnerFactory.create(
            recipe, data.classWeights(recipe), MemoryFormat.CHANNELS_LAST, options.device());
  }

  /** Trains in a new run folder, which appears when training begins. */
  static TrainingResult start(
      Recipes.ResolvedRecipe recipe, DatasetLocation source, Path target, TrainingOptions options)
      throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target);
        TrainingRun run = new TrainingRun(recipe, source, options)) {
      run.loadPretrainedWeights();
      TrainingLoop.requireCompatible(run.recipe, run.learner);
      run.requireDiskSpace(folder.path());
      RunFolder.initialize(
          folder.path(), recipe, new RunFolder.RunRequest(source, 1, run.data.fingerprint()));
      folder.commit();
      return run.train(target);
    }
  }

  /** Resumes a run that was stopped or killed. */
  static TrainingResult resume(
      Path folder, Recipes.ResolvedRecipe recipe, DatasetLocation source, TrainingOptions options)
      throws IOException {
    RunFolder.RunRequest request = RunFolder.readRequest(folder);
    try (TrainingRun run = new TrainingRun(recipe, source, options)) {
      if (!request.fingerprint().equals(run.data.fingerprint())) {
        throw UserErrorException.of(
            "the images that the run began with",
            "other images, labels or another split",
            "Restore them, give their folder with --data, or start a new run.");
      }
      run.requireDiskSpace(folder);
      if (RunFolder.checkpoints(folder).isEmpty()) {
        run.loadPretrainedWeights();
      }
      return run.train(folder);
    }
  }

  private void loadPretrainedWeights() throws IOException {
    if (recipe.weights().isEmpty()) {
      return;
    }
    Recipe.PretrainedConfig pretrained = recipe.weights().get();
    if (!pretrained.isSpecified()) {
      throw UsageErrorException.of(
          "pretrained weights of %s, which the recipe %s starts from"
              .formatted(recipe.architecture(), recipe.name()),
          "none",
          "Give a file with --weights; cxr-models/README.md lists sources. To start from random"
              + " weights, use --set weights=none.");
    }
    Path file = PretrainedWeights.locate(pretrained.from(), pretrained.sha256());
    PretrainedWeights.LoadResult loaded = learner.loadPretrained(file);
    options
        .listener()
        .onMessage(
            "Weights: %d tensors of %s; the last stage starts from random weights."
                .formatted(loaded.tensorCount(), file));
  }

  /** Two checkpoints are kept while a third is written. */
  private void requireDiskSpace(Path folder) throws IOException {
    long requiredBytes =
        SIMULTANEOUS_CHECKPOINTS * learner.maxCheckpointBytes() + DISK_RESERVE_BYTES;
    long usableBytes = folder.toFile().getUsableSpace();
    if (usableBytes < requiredBytes) {
      throw UserErrorException.of(
          "%d MiB of free disk for a run".formatted(requiredBytes >> 20),
          "%d MiB at %s".formatted(usableBytes >> 20, folder.toAbsolutePath().getParent()),
          "Free some space, or choose another folder with --out.");
    }
  }

  /** Trains to the end, exports the bundle and reports; on a stop the last checkpoint remains. */
  private TrainingResult train(Path path) throws IOException {
    Outcome outcome = Outcome.FAILED;
    options.listener().onStart(path);
    try (RunFolder folder = new RunFolder(path);
        RunLog log = new RunLog(path.resolve(RunLog.FILE));
        TensorBoardLogger tensorBoard =
            new TensorBoardLogger(path, data.train().batchesPerEpoch())) {
      try {
        TrainingResult result = train(folder, log, tensorBoard);
        outcome = Outcome.COMPLETED;
        return result;
      } catch (Throwable e) {
        if (!options.stop().isRequested()) {
          log.failed();
        }
        throw e;
      }
    } catch (StopRequestedException e) {
      outcome = Outcome.STOPPED;
      throw e;
    } catch (IOException e) {
      if (options.stop().isRequested()) { // a process that ends deletes its unfinished bundle
        outcome = Outcome.STOPPED;
        throw new StopRequestedException();
      }
      throw e;
    } finally {
      options.listener().onEnd(outcome);
    }
  }

  private TrainingResult train(RunFolder folder, RunLog log, TensorBoardLogger tensorBoard)
      throws IOException {
    Path path = folder.path();
    CheckpointFolder checkpoints = RunFolder.checkpoints(path);
    TrainingLoop loop =
        new TrainingLoop(
            recipe,
            data,
            learner,
            new TrainingLoop.RunFiles(
                checkpoints, path.resolve(TrainingHistory.FILE), log, tensorBoard),
            options);
    loop.resume();
    loop.train();
    options.listener().onMessage(loop.end().reason());
    TrainingResult result = export(loop, folder);
    checkpoints.delete();
    return result;
  }

  private TrainingResult export(TrainingLoop loop, RunFolder folder) throws IOException {
    ModelSpec spec = recipe.modelSpec();
    Network network = (Network) learner.model().getBlock();
    TrainingHistory.write(folder.path().resolve(TrainingHistory.FILE), loop.history());
    BundleExporter exporter =
        new BundleExporter(
            resolved,
            data,
            new ExportableModel(
                spec,
                spec.build(LogitDecoder.logitCount(recipe.task()), (name, outputs) -> network),
                loop.keptEpoch(),
                TrainingHistory.toCsv(loop.history()),
                loop.history()),
            learner.manager(),
            options);
    TrainingResult result = exporter.validate();
    RunReportWriter.write(
        folder.path(),
        new RunReport.RunFacts(
            result.manifest(),
            loop.end(),
            loop.history(),
            DeviceChoice.nameOf(options.device()),
            ParallelInference.engineThreads(),
            source.evaluateCommand(
                folder.path().resolve(RunFolder.BUNDLE), result.hasTestSplit())));
    folder.writeBundle(bundle -> exporter.write(result.manifest(), bundle));
    return result;
  }

  @Override
  public void close() {
    learner.close();
  }
}
