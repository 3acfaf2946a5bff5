package dev.cxr.train;

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
import dev.cxr.train.learning.BinaryCrossEntropy;
import dev.cxr.train.learning.Learner;
import dev.cxr.train.learning.LearnerBuilder;
import dev.cxr.train.learning.MeanSquaredError;
import dev.cxr.train.learning.Objective;
import dev.cxr.train.learning.SoftmaxCrossEntropy;
import dev.cxr.train.machine.DeviceName;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.report.RunLog;
import dev.cxr.train.report.RunReport;
import dev.cxr.train.tensorboard.TrainingEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** One training: a recipe and a collection in, a run folder out. */
final class Run implements AutoCloseable {

  private static final long ROOM_BESIDE_CHECKPOINTS = 256L << 20;
  private static final int CHECKPOINTS_AT_ONCE = 3;

  private final Recipes.Resolved resolved;
  private final Recipe recipe;
  private final TrainingData data;
  private final Learner learner;
  private final Source source;

  private Run(Recipes.Resolved resolved, TrainingData data, Learner learner, Source source) {
    this.resolved = resolved;
    this.source = source;
    this.recipe = resolved.recipe();
    this.data = data;
    this.learner = learner;
  }

  /**
   * What came of it.
   *
   * @param verdict on validation
   * @param manifest of the bundle
   */
  record Outcome(Verdict verdict, Manifest manifest) {}

  /**
   * How a run is looked after; nothing of this changes what is learned, but for the roundings of
   * another device.
   *
   * @param stop asks it to stop
   * @param saveEvery how long it may learn before it saves within an epoch
   * @param toResume the folder to name when saying how to go on
   * @param device where to learn
   */
  record Care(StopSignal stop, Duration saveEvery, Path toResume, Device device) {

    void sayHowToGoOn(String what) {
      System.out.printf(
          "%s Go on with:%n  mvn -q -pl cxr-train exec:java -Dexec.args=\"train --resume %s\"%n",
          what, toResume);
      System.out.flush();
    }
  }

  /**
   * Trains to the end in a new run folder.
   *
   * @param target where the run folder appears once learning can begin
   * @throws UserErrorException if the collection cannot be learned from, the folder exists or the
   *     disk is full
   * @throws StopSignal.Given if it was told to stop, and has saved
   */
  static Outcome begin(Recipes.Resolved resolved, Source source, Path target, Care care)
      throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target);
        Run run = open(resolved, source, care.device())) {
      run.beginWithPublishedWeights();
      Training.requireSuitable(run.recipe, run.data, run.learner);
      run.requireRoom(folder.path());
      RunFolder.begin(
          folder.path(), resolved, new RunFolder.Order(source, 1, run.data.fingerprint()));
      folder.commit();
      return run.goOn(target, care);
    }
  }

  /** A checkpoint has them, and what was learned since. */
  private void beginWithPublishedWeights() throws IOException {
    if (recipe.weights().isPresent()) {
      Recipe.Pretrained published = recipe.weights().get();
      if (!published.isGiven()) {
        throw UserErrorException.ofUsage(
            "published weights of %s, which the recipe %s begins with"
                .formatted(recipe.architecture(), recipe.name()),
            "none",
            "Give a file with --weights; cxr-models/README.md says where there are some. To begin"
                + " at random all the same, --set weights=none.");
      }
      Path file = PretrainedWeights.locate(published.from(), published.sha256());
      PretrainedWeights.LoadResult loaded = learner.beginWith(file);
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
   * @throws StopSignal.Given if it was told to stop again, and has saved
   */
  static Outcome resume(Path folder, Source source, Care care) throws IOException {
    try (Run run = open(RunFolder.recipe(folder), source, care.device())) {
      run.requirePicturesOf(RunFolder.order(folder));
      run.requireRoom(folder);
      if (!RunFolder.hasCheckpoints(folder)) {
        run.beginWithPublishedWeights();
      }
      return run.goOn(folder, care);
    }
  }

  private static Run open(Recipes.Resolved resolved, Source source, Device device)
      throws IOException {
    Recipe recipe = resolved.recipe();
    TrainingData data = TrainingData.open(recipe, source.open(recipe.validation()));
    data.pixels().index().notices().forEach(notice -> System.out.println("Note: " + notice));
    Engine.getInstance().setRandomSeed((int) SeedDerivation.derive(recipe.seed()));
    Learner learner =
        learner(
            recipe,
            objective(recipe, data.classWeights(recipe)),
            MemoryFormat.CHANNELS_LAST,
            device);
    return new Run(resolved, data, learner, source);
  }

  /** What a recipe makes small: cross-entropy of as many logits as the task has, or errors. */
  static Objective objective(Recipe recipe, double[] classWeights) {
    if (Architecture.forName(recipe.architecture()).kind() == Architecture.Kind.AUTOENCODER) {
      return new MeanSquaredError();
    }
    return LogitDecoder.logitCount(recipe.task()) == 1
        ? new BinaryCrossEntropy(classWeights[0], classWeights[1], recipe.labelSmoothing())
        : new SoftmaxCrossEntropy(
            Arrays.stream(classWeights).boxed().toList(), recipe.labelSmoothing());
  }

  static Learner learner(Recipe recipe, Objective objective, MemoryFormat format, Device device) {
    LearnerBuilder builder =
        Learner.builder()
            .setName(recipe.name())
            .setNetwork(network(recipe, format))
            .setSide(recipe.side())
            .optDevice(device)
            .setObjective(objective)
            .setLearningRate(recipe.learningRate())
            .optEpsilon(recipe.adam().epsilon())
            .optWeightDecay(recipe.adam().weightDecay());
    recipe.adam().clipNorm().ifPresent(builder::optClipNorm);
    recipe.averaging().ifPresent(builder::optAveraging);
    return builder.build();
  }

  private static Network network(Recipe recipe, MemoryFormat format) {
    Architecture architecture = Architecture.forName(recipe.architecture());
    return switch (architecture.kind()) {
      case CLASSIFIER ->
          architecture.create(input(recipe), LogitDecoder.logitCount(recipe.task()), format);
      case AUTOENCODER -> architecture.createAutoencoder(input(recipe), format);
    };
  }

  static InputSpec input(Recipe recipe) {
    return Architecture.forName(recipe.architecture()).input(recipe.side());
  }

  private void requirePicturesOf(RunFolder.Order order) {
    if (!order.pictures().equals(data.fingerprint())) {
      throw UserErrorException.of(
          "the pictures that the run began with",
          "others, or other findings or another split",
          "Bring them back, name them with --data, or begin a new run.");
    }
  }

  /** Two checkpoints are kept while a third is written. */
  private void requireRoom(Path folder) throws IOException {
    long wanted = CHECKPOINTS_AT_ONCE * learner.largestSaved() + ROOM_BESIDE_CHECKPOINTS;
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < wanted) {
      throw UserErrorException.of(
          "%d MiB of free disk for a run".formatted(wanted >> 20),
          "%d MiB at %s".formatted(room >> 20, folder.toAbsolutePath().getParent()),
          "Free some, or choose another folder with --out.");
    }
  }

  private Outcome goOn(Path path, Care care) throws IOException {
    StopSignal.Hold hold = care.stop().hold();
    try (RunFolder folder = RunFolder.open(path);
        RunLog log = RunLog.open(folder.resolve(RunFolder.LOG));
        TrainingEvents events = new TrainingEvents(path, data.train().batchesPerEpoch())) {
      return goOn(new Training(recipe, data, learner, folder, log, events, care), folder, care);
    } finally {
      hold.close();
    }
  }

  private Outcome goOn(Training training, RunFolder folder, Care care) throws IOException {
    try {
      training.resume();
      training.learn();
      System.out.println(training.reason());
      Outcome outcome = write(training, folder, care);
      folder.removeCheckpoints();
      return outcome;
    } catch (StopSignal.Given stopped) {
      care.sayHowToGoOn("Stopped and saved.");
      throw stopped;
    } catch (IOException e) {
      if (care.stop().isGiven()) {
        // A process that ends takes its unfinished bundle away while it is written.
        care.sayHowToGoOn("Stopped and saved.");
        throw new StopSignal.Given();
      }
      care.sayHowToGoOn("What was learned up to the last checkpoint is kept.");
      throw e;
    }
  }

  private Outcome write(Training training, RunFolder folder, Care care) throws IOException {
    ModelSpec composition = recipe.composition();
    Network network = (Network) learner.model().getBlock();
    PredictionBlock answering =
        composition.build(
            LogitDecoder.logitCount(recipe.task()), (architecture, outputs) -> network);
    if (answering instanceof AnomalyScorer novelty) {
      Normals.learn(novelty, learner.model().getNDManager(), data, recipe, care.stop());
    }
    String history = History.toCsv(training.history());
    folder.write(RunFolder.HISTORY, history);
    if (!training.history().isEmpty()) {
      CurvesPicture.write(
          training.history(),
          training.keptEpoch(),
          recipe.name(),
          folder.resolve(RunFolder.CURVES));
    }
    BundleMaker maker =
        new BundleMaker(
            resolved,
            data,
            new Finished(composition, answering, training.keptEpoch(), history),
            learner.manager());
    Outcome outcome = maker.judge(care.stop());
    RunReport.write(
        folder.path(),
        new RunReport.Facts(
            outcome.manifest(),
            training.end(),
            DeviceName.of(care.device()),
            source.evaluate(folder.resolve(RunFolder.BUNDLE))));
    maker.write(outcome.manifest(), folder);
    return outcome;
  }

  @Override
  public void close() {
    learner.close();
  }
}
