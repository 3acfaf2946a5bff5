package dev.cxr.train;

import ai.djl.engine.Engine;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.TranslateException;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.dataset.BatchThread;
import dev.cxr.data.dataset.Seeds;
import dev.cxr.data.files.AtomicFolder;
import dev.cxr.data.shell.Progress;
import dev.cxr.data.shell.Refusal;
import dev.cxr.data.shell.Version;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Threshold;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.Outputs;
import dev.cxr.train.learning.BinaryCrossEntropy;
import dev.cxr.train.learning.EarlyStopping;
import dev.cxr.train.learning.Learner;
import dev.cxr.train.learning.LearningRate;
import dev.cxr.train.learning.Mode;
import dev.cxr.train.learning.Objective;
import dev.cxr.train.learning.ReduceOnPlateau;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One training: a recipe and a collection in, a run folder out.
 *
 * <pre>
 * RUN/bundle/      the model bundle
 * RUN/curves.png   the history as a picture
 * RUN/run.log      times and memory, which differ from run to run
 * </pre>
 */
final class Run {

  static final String BUNDLE = "bundle";

  private static final long ROOM_FOR_A_RUN = 256L << 20;
  private static final Gson GSON = new Gson();

  private final Recipes.Resolved resolved;
  private final Recipe recipe;
  private final TrainingData data;
  private final Learner learner;
  private final RunLog log;
  private final History history = new History();
  private int bestEpoch;

  private Run(Recipes.Resolved resolved, TrainingData data, Learner learner, RunLog log) {
    this.resolved = resolved;
    this.recipe = resolved.recipe();
    this.data = data;
    this.learner = learner;
    this.log = log;
  }

  /**
   * What came of it.
   *
   * @param data what was learned from
   * @param validation the figures of the best epoch's weights at the chosen threshold
   * @param threshold as the bundle states it
   */
  record Outcome(Manifest.Data data, BinaryReport validation, Manifest.Threshold threshold) {}

  /**
   * Trains to the end and writes the run folder.
   *
   * @param catalogue opened with the recipe's validation rule
   * @param target where the run folder appears once it is complete
   * @throws Refusal if the collection cannot be learned from, the folder exists or the disk is full
   */
  static Outcome train(Recipes.Resolved resolved, Catalogue catalogue, Path target)
      throws IOException, TranslateException {
    Recipe recipe = resolved.recipe();
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      requireRoom(folder.path());
      TrainingData data = TrainingData.open(recipe, catalogue);
      data.pixels().catalogue().notices().forEach(notice -> System.out.println("Note: " + notice));
      Engine.getInstance().setRandomSeed((int) Seeds.of(recipe.seed()));
      double[] weights = data.classWeights(recipe);
      BinaryCrossEntropy loss = new BinaryCrossEntropy(weights[0], weights[1]);
      LearningRate rate = new LearningRate(recipe.learningRate());
      try (Learner learner = learner(recipe, loss, rate, MemoryFormat.CHANNELS_LAST);
          RunLog log = RunLog.open(folder.path().resolve("run.log"))) {
        Run run = new Run(resolved, data, learner, log);
        run.learn();
        Outcome outcome = run.write(folder.path());
        folder.commit();
        return outcome;
      }
    }
  }

  static Learner learner(
      Recipe recipe, Objective objective, LearningRate rate, MemoryFormat format) {
    return Learner.builder()
        .setName(recipe.name())
        .setNetwork(
            Architecture.named(recipe.architecture())
                .create(InputSpec.gray(recipe.side()), Outputs.logits(recipe.task()), format))
        .setSide(recipe.side())
        .setObjective(objective)
        .setLearningRate(rate.at(0))
        .build();
  }

  private static void requireRoom(Path folder) throws IOException {
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < ROOM_FOR_A_RUN) {
      throw Refusal.of(
          "%d MiB of free disk for a run".formatted(ROOM_FOR_A_RUN >> 20),
          "%d MiB at %s".formatted(room >> 20, folder.getParent()),
          "Free some, or choose another folder with --out.");
    }
  }

  private void learn() throws IOException, TranslateException {
    EarlyStopping earlyStopping =
        new EarlyStopping(
            Mode.MIN, recipe.earlyStopping().minDelta(), recipe.earlyStopping().patience(), 0);
    EarlyStopping.State stopping = earlyStopping.start();
    ReduceOnPlateau reduceOnPlateau =
        new ReduceOnPlateau(
            Mode.MIN,
            recipe.plateau().factor(),
            recipe.plateau().patience(),
            recipe.earlyStopping().minDelta(),
            0,
            recipe.plateau().minLearningRate());
    ReduceOnPlateau.State plateau = reduceOnPlateau.start(recipe.learningRate());
    try (BatchThread thread = new BatchThread()) {
      for (int epoch = 1; epoch <= recipe.epochs() && !stopping.stopped(); epoch++) {
        learner.setLearningRate(plateau.rate());
        History.Epoch row = epoch(epoch, thread);
        history.add(row);
        stopping = earlyStopping.after(stopping, row.validationLoss());
        if (stopping.isBest()) {
          bestEpoch = epoch;
          learner.keepAsBest();
        }
        printEpoch(row, stopping.isBest());
        plateau = reduceOnPlateau.after(plateau, row.validationLoss());
      }
    }
    System.out.println(
        stopping.stopped()
            ? "Stopped: the validation loss has not fallen for %d epochs. Best: epoch %d."
                .formatted(recipe.earlyStopping().patience(), bestEpoch)
            : "All %d epochs done. Best: epoch %d.".formatted(recipe.epochs(), bestEpoch));
    learner.restoreBest();
  }

  private History.Epoch epoch(int epoch, BatchThread thread)
      throws IOException, TranslateException {
    double lossSum = 0;
    double weightSum = 0;
    int correct = 0;
    int seen = 0;
    int batchNumber = 0;
    double usedRate = learner.learningRate();
    long started = System.nanoTime();
    String title = "Epoch %d/%d".formatted(epoch, recipe.epochs());
    try (Progress progress = Progress.start(title, " images", data.train().epochSize())) {
      for (Batch batch : data.train().epoch(learner.manager(), epoch, thread.executor())) {
        try (batch) {
          Engine.getInstance().setRandomSeed((int) Seeds.of(recipe.seed(), epoch, batchNumber++));
          float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
          Learner.Step step = learner.step(batch);
          requireFinite(step, epoch, batchNumber);
          lossSum += step.loss() * step.weight();
          weightSum += step.weight();
          correct += correct(step.outputs(), labels);
          seen += labels.length;
          progress.step(labels.length, "loss %.4f".formatted(lossSum / weightSum));
        }
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    ValidationScores scores = validate(thread);
    BinaryReport report = scores.report(0.5);
    log.epoch(epoch, seconds, seen / seconds);
    return new History.Epoch(
        epoch,
        lossSum / weightSum,
        (double) correct / seen,
        scores.loss(),
        value(report.accuracy()),
        value(report.auroc()),
        usedRate);
  }

  private ValidationScores validate(BatchThread thread) throws IOException, TranslateException {
    return ValidationScores.of(learner, data.validation(), recipe.task(), thread);
  }

  private static void requireFinite(Learner.Step step, int epoch, int batch) {
    if (!step.isFinite()) {
      throw Refusal.of(
          "a finite loss with finite gradients",
          "%s with gradients of norm %s in batch %d of epoch %d"
              .formatted(step.loss(), step.gradientNorm(), batch, epoch),
          "Lower the learning rate: --set learning-rate=…");
    }
  }

  private static int correct(float[][] logits, float[] labels) {
    int correct = 0;
    for (int i = 0; i < logits.length; i++) {
      correct += (logits[i][0] >= 0) == (labels[i] == 1) ? 1 : 0;
    }
    return correct;
  }

  /** Both classes stand in validation and training, so these figures are always defined. */
  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private void printEpoch(History.Epoch row, boolean best) {
    System.out.printf(
        "Epoch %2d  loss %.4f  validation: loss %.4f  accuracy %.4f  AUROC %.4f  %s%n",
        row.epoch(),
        row.trainLoss(),
        row.validationLoss(),
        row.validationAccuracy(),
        row.validationAuroc(),
        best ? "best so far" : "");
  }

  private Outcome write(Path folder) throws IOException, TranslateException {
    ValidationScores scores;
    try (BatchThread thread = new BatchThread()) {
      scores = validate(thread);
    }
    Threshold chosen = Threshold.youden(scores.probabilities(), scores.positive());
    Manifest.Threshold threshold =
        new Manifest.Threshold(chosen.value(), "greatest Youden index on validation");
    BinaryReport report = scores.report(chosen.value());
    Path bundle = Files.createDirectory(folder.resolve(BUNDLE));
    Manifest manifest = manifest(threshold, report);
    BundleWriter.write(bundle, manifest, learner.model(), history.toCsv());
    Curves.write(history.epochs(), bestEpoch, recipe.name(), folder.resolve("curves.png"));
    return new Outcome(manifest.data(), report, threshold);
  }

  private Manifest manifest(Manifest.Threshold threshold, BinaryReport report) {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        recipe.name(),
        recipe.task(),
        recipe.architecture(),
        InputSpec.gray(recipe.side()),
        Manifest.RESIZE,
        recipe.task().classes(),
        recipe.task().positiveClass(),
        threshold,
        1.0,
        data.describe(recipe),
        GSON.toJsonTree(resolved.resolved()),
        bestEpoch,
        new Manifest.Versions(
            Version.number(),
            Version.commit(),
            Engine.getDjlVersion(),
            Engine.getInstance().getVersion(),
            Runtime.version().toString()),
        figures(report));
  }

  /** The figures without the curve, which would be most of the file. */
  private static JsonElement figures(BinaryReport report) {
    JsonObject figures = GSON.toJsonTree(report).getAsJsonObject();
    figures.remove("roc");
    figures.remove("youden");
    figures.remove("threshold");
    return figures;
  }
}
