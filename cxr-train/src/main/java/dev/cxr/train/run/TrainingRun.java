package dev.cxr.train.run;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.dataset.SeedDerivation;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.device.DeviceName;
import dev.cxr.train.export.AnomalyFitter;
import dev.cxr.train.export.TrainedModel;
import dev.cxr.train.export.ValidationReport;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.learner.LearnerBuilder;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingHistory;
import dev.cxr.train.loss.BinaryCrossEntropy;
import dev.cxr.train.loss.Loss;
import dev.cxr.train.loss.MeanSquaredError;
import dev.cxr.train.loss.SoftmaxCrossEntropy;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.report.RunLog;
import dev.cxr.train.report.RunReport;
import dev.cxr.train.tensorboard.TensorBoardLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** One training: a recipe and a collection in, a run folder out. */
public final class TrainingRun implements AutoCloseable {

  private static final long DISK_RESERVE_BYTES = 256L << 20;
  private static final int SIMULTANEOUS_CHECKPOINTS = 3;

  private final Recipes.ResolvedRecipe resolved;
  private final Recipe recipe;
  private final TrainingData data;
  private final Learner learner;
  private final DatasetLocation source;

  private TrainingRun(
      Recipes.ResolvedRecipe resolved, TrainingData data, Learner learner, DatasetLocation source) {
    this.resolved = resolved;
    this.source = source;
    this.recipe = resolved.recipe();
    this.data = data;
    this.learner = learner;
  }

  /**
   * What came of it.
   *
   * @param validation on validation
   * @param manifest of the bundle
   */
  public record RunOutcome(ValidationReport validation, Manifest manifest) {}

  /**
   * How a run is looked after; nothing of this changes what is learned, but for the roundings of
   * another device.
   *
   * @param stop asks it to stop
   * @param checkpointInterval how long it may learn before it saves within an epoch
   * @param resumeFolder the folder to name when saying how to go on
   * @param device where to learn
   */
  public record RunOptions(
      StopSignal stop, Duration checkpointInterval, Path resumeFolder, Device device) {

    void printResumeCommand(String message) {
      System.out.printf(
          "%s Go on with:%n  mvn -q -pl cxr-train exec:java -Dexec.args=\"train --resume %s\"%n",
          message, resumeFolder);
      System.out.flush();
    }
  }

  /**
   * Trains to the end in a new run folder.
   *
   * @param target where the run folder appears once learning can begin
   * @throws UserErrorException if the collection cannot be learned from, the folder exists or the
   *     disk is full
   * @throws StopSignal.StopRequestedException if it was told to stop, and has saved
   */
  static RunOutcome start(
      Recipes.ResolvedRecipe resolved, DatasetLocation source, Path target, RunOptions options)
      throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target);
        TrainingRun run = open(resolved, source, options.device())) {
      run.loadPretrainedWeights();
      TrainingLoop.requireCompatible(run.recipe, run.data, run.learner);
      run.requireDiskSpace(folder.path());
      RunFolder.initialize(
          folder.path(), resolved, new RunFolder.RunRequest(source, 1, run.data.fingerprint()));
      folder.commit();
      return run.trainAndExport(target, options);
    }
  }

  /** A checkpoint has them, and what was learned since. */
  private void loadPretrainedWeights() throws IOException {
    if (recipe.weights().isPresent()) {
      Recipe.PretrainedConfig pretrained = recipe.weights().get();
      if (!pretrained.isSpecified()) {
        throw UserErrorException.ofUsage(
            "published weights of %s, which the recipe %s begins with"
                .formatted(recipe.architecture(), recipe.name()),
            "none",
            "Give a file with --weights; cxr-models/README.md says where there are some. To begin"
                + " at random all the same, --set weights=none.");
      }
      Path file = PretrainedWeights.locate(pretrained.from(), pretrained.sha256());
      PretrainedWeights.LoadResult loaded = learner.loadPretrained(file);
      System.out.printf(
          "Weights: %d tensors of %s; the last stage begins at random.%n",
          loaded.tensorCount(), file);
    }
  }

  /**
   * Goes on with a run that was stopped, and ends as if it never had been.
   *
   * @param source where its pictures are now
   * @throws UserErrorException if another process is at work on it, or the pictures are others
   * @throws StopSignal.StopRequestedException if it was told to stop again, and has saved
   */
  static RunOutcome resume(Path folder, DatasetLocation source, RunOptions options)
      throws IOException {
    try (TrainingRun run = open(RunFolder.readRecipe(folder), source, options.device())) {
      run.requireSameImages(RunFolder.readRequest(folder));
      run.requireDiskSpace(folder);
      if (!RunFolder.hasCheckpoints(folder)) {
        run.loadPretrainedWeights();
      }
      return run.trainAndExport(folder, options);
    }
  }

  private static TrainingRun open(
      Recipes.ResolvedRecipe resolved, DatasetLocation source, Device device) throws IOException {
    Recipe recipe = resolved.recipe();
    TrainingData data = TrainingData.open(recipe, source.openDataset(recipe.validation()));
    data.images().index().notices().forEach(notice -> System.out.println("Note: " + notice));
    Engine.getInstance().setRandomSeed((int) SeedDerivation.derive(recipe.seed()));
    Learner learner =
        learner(
            recipe,
            createLoss(recipe, data.classWeights(recipe)),
            MemoryFormat.CHANNELS_LAST,
            device);
    return new TrainingRun(resolved, data, learner, source);
  }

  /** What a recipe makes small: cross-entropy of as many logits as the task has, or errors. */
  public static Loss createLoss(Recipe recipe, double[] classWeights) {
    if (Architecture.forName(recipe.architecture()).kind() == Architecture.Kind.AUTOENCODER) {
      return new MeanSquaredError();
    }
    return LogitDecoder.logitCount(recipe.task()) == 1
        ? new BinaryCrossEntropy(classWeights[0], classWeights[1], recipe.labelSmoothing())
        : new SoftmaxCrossEntropy(
            Arrays.stream(classWeights).boxed().toList(), recipe.labelSmoothing());
  }

  public static Learner learner(Recipe recipe, Loss objective, MemoryFormat format, Device device) {
    LearnerBuilder builder =
        Learner.builder()
            .setName(recipe.name())
            .setNetwork(createNetwork(recipe, format))
            .setSide(recipe.side())
            .optDevice(device)
            .setLoss(objective)
            .setLearningRate(recipe.learningRate())
            .optEpsilon(recipe.adam().epsilon())
            .optWeightDecay(recipe.adam().weightDecay());
    recipe.adam().clipNorm().ifPresent(builder::optClipNorm);
    recipe.averaging().ifPresent(builder::optEma);
    return builder.build();
  }

  private static Network createNetwork(Recipe recipe, MemoryFormat format) {
    Architecture architecture = Architecture.forName(recipe.architecture());
    return switch (architecture.kind()) {
      case CLASSIFIER ->
          architecture.create(inputSpec(recipe), LogitDecoder.logitCount(recipe.task()), format);
      case AUTOENCODER -> architecture.createAutoencoder(inputSpec(recipe), format);
    };
  }

  static InputSpec inputSpec(Recipe recipe) {
    return Architecture.forName(recipe.architecture()).input(recipe.side());
  }

  private void requireSameImages(RunFolder.RunRequest request) {
    if (!request.pictures().equals(data.fingerprint())) {
      throw UserErrorException.of(
          "the pictures that the run began with",
          "others, or other findings or another split",
          "Bring them back, name them with --data, or begin a new run.");
    }
  }

  /** Two checkpoints are kept while a third is written. */
  private void requireDiskSpace(Path folder) throws IOException {
    long requiredBytes =
        SIMULTANEOUS_CHECKPOINTS * learner.maxCheckpointBytes() + DISK_RESERVE_BYTES;
    long usableBytes = Files.getFileStore(folder).getUsableSpace();
    if (usableBytes < requiredBytes) {
      throw UserErrorException.of(
          "%d MiB of free disk for a run".formatted(requiredBytes >> 20),
          "%d MiB at %s".formatted(usableBytes >> 20, folder.toAbsolutePath().getParent()),
          "Free some, or choose another folder with --out.");
    }
  }

  private RunOutcome trainAndExport(Path path, RunOptions options) throws IOException {
    StopSignal.ShutdownGuard shutdownGuard = options.stop().guardShutdown();
    try (RunFolder folder = RunFolder.open(path);
        RunLog log = RunLog.open(folder.resolve(RunFolder.LOG));
        TensorBoardLogger events = new TensorBoardLogger(path, data.train().batchesPerEpoch())) {
      return trainAndExport(
          new TrainingLoop(recipe, data, learner, folder, log, events, options), folder, options);
    } finally {
      shutdownGuard.close();
    }
  }

  private RunOutcome trainAndExport(TrainingLoop training, RunFolder folder, RunOptions options)
      throws IOException {
    try {
      training.resume();
      training.train();
      System.out.println(training.reason());
      RunOutcome outcome = export(training, folder, options);
      folder.deleteCheckpoints();
      return outcome;
    } catch (StopSignal.StopRequestedException stopped) {
      options.printResumeCommand("Stopped and saved.");
      throw stopped;
    } catch (IOException e) {
      if (options.stop().isRequested()) {
        // A process that ends takes its unfinished bundle away while it is written.
        options.printResumeCommand("Stopped and saved.");
        throw new StopSignal.StopRequestedException();
      }
      options.printResumeCommand("What was learned up to the last checkpoint is kept.");
      throw e;
    }
  }

  private RunOutcome export(TrainingLoop training, RunFolder folder, RunOptions options)
      throws IOException {
    ModelSpec composition = recipe.modelSpec();
    Network network = (Network) learner.model().getBlock();
    PredictionBlock predictionBlock =
        composition.build(
            LogitDecoder.logitCount(recipe.task()), (architecture, outputs) -> network);
    if (predictionBlock instanceof AnomalyScorer novelty) {
      AnomalyFitter.fit(novelty, learner.model().getNDManager(), data, recipe, options.stop());
    }
    String history = TrainingHistory.toCsv(training.history());
    folder.write(RunFolder.HISTORY, history);
    if (!training.history().isEmpty()) {
      CurvesImage.write(
          training.history(),
          training.keptEpoch(),
          recipe.name(),
          folder.resolve(RunFolder.CURVES));
    }
    BundleExporter exporter =
        new BundleExporter(
            resolved,
            data,
            new TrainedModel(composition, predictionBlock, training.keptEpoch(), history),
            learner.manager());
    RunOutcome outcome = exporter.evaluate(options.stop());
    RunReport.write(
        folder.path(),
        new RunReport.RunFacts(
            outcome.manifest(),
            training.end(),
            DeviceName.of(options.device()),
            source.evaluateCommand(folder.resolve(RunFolder.BUNDLE))));
    exporter.write(outcome.manifest(), folder);
    return outcome;
  }

  @Override
  public void close() {
    learner.close();
  }
}
