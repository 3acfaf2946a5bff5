package dev.cxr.train.run;

import ai.djl.engine.Engine;
import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.data.dataset.SeedDerivation;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.MultiClassConfusionMatrix;
import dev.cxr.eval.metrics.RankedScores;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingHistory;
import dev.cxr.train.loop.TrainingState;
import dev.cxr.train.loop.ValidationScores;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.report.RunLog;
import dev.cxr.train.report.RunReport;
import dev.cxr.train.schedule.Direction;
import dev.cxr.train.schedule.EarlyStopping;
import dev.cxr.train.schedule.LearningRateTracker;
import dev.cxr.train.schedule.ReduceOnPlateau;
import dev.cxr.train.tensorboard.TensorBoardLogger;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Learning: batch by batch and epoch by epoch, from where it stands to its end.
 *
 * <p>All that is drawn at random is drawn anew for each batch, from seed, epoch and batch, so that
 * a training that was saved and restored goes on as if it had never stopped.
 */
final class TrainingLoop {

  private final Recipe recipe;
  private final TrainingData data;
  private final Learner learner;
  private final RunFolder folder;
  private final RunLog log;
  private final TensorBoardLogger events;
  private final StopSignal stop;
  private final long saveEveryNanos;
  private final EarlyStopping earlyStopping;
  private final Optional<ReduceOnPlateau> reduceOnPlateau;
  private final long totalSteps;
  private TrainingState state;
  private long lastSaved = System.nanoTime();

  /** A training that has not begun. */
  TrainingLoop(
      Recipe recipe,
      TrainingData data,
      Learner learner,
      RunFolder folder,
      RunLog log,
      TensorBoardLogger events,
      TrainingRun.RunOptions options) {
    this.recipe = recipe;
    this.data = data;
    this.learner = learner;
    this.folder = folder;
    this.log = log;
    this.events = events;
    stop = options.stop();
    saveEveryNanos = options.checkpointInterval().toNanos();
    earlyStopping = earlyStopping(recipe);
    reduceOnPlateau = recipe.plateau().map(TrainingLoop::reduceOnPlateau);
    totalSteps =
        recipe.schedule() == Recipe.Schedule.COSINE
            ? totalStepsOf(recipe, data)
            : LearningRateTracker.UNBOUNDED;
    state =
        new TrainingState(
            1,
            0,
            TrainingState.EpochTotals.ZERO,
            List.of(),
            earlyStopping.start(),
            reduceOnPlateau
                .map(plateau -> plateau.start(recipe.learningRate()))
                .orElse(new ReduceOnPlateau.State(recipe.learningRate(), 0, 0, 0)));
  }

  private static EarlyStopping earlyStopping(Recipe recipe) {
    return recipe
        .earlyStopping()
        .map(
            stopping ->
                new EarlyStopping(
                    recipe.monitor().direction(),
                    stopping.minDelta(),
                    stopping.patience(),
                    stopping.startFromEpoch()))
        .orElse(new EarlyStopping(recipe.monitor().direction(), 0, Integer.MAX_VALUE, 0));
  }

  private static ReduceOnPlateau reduceOnPlateau(Recipe.PlateauConfig plateau) {
    return new ReduceOnPlateau(
        plateau.monitor().direction(),
        plateau.factor(),
        plateau.patience(),
        plateau.minDelta(),
        plateau.cooldown(),
        plateau.minLearningRate());
  }

  private static long totalStepsOf(Recipe recipe, TrainingData data) {
    return (long) recipe.epochs() * data.train().batchesPerEpoch();
  }

  /**
   * Checks what would otherwise fail epochs later.
   *
   * @throws UserErrorException if the recipe's warm-up is longer than the run, or its phases name
   *     layers that the network has not
   */
  static void requireCompatible(Recipe recipe, TrainingData data, Learner learner) {
    long steps = totalStepsOf(recipe, data);
    if (recipe.warmUpSteps() >= Math.max(1, steps)) {
      throw UserErrorException.ofUsage(
          "fewer warm-up-steps than the %d steps of %d epochs".formatted(steps, recipe.epochs()),
          String.valueOf(recipe.warmUpSteps()),
          "Change it.");
    }
    learner.freeze(recipe.freeze());
    recipe.phases().forEach(phase -> learner.freeze(phase.freeze()));
    recipe.phases().forEach(phase -> phase.factors().keySet().forEach(learner::requireParameters));
  }

  /** Goes to where the run was saved, if it was. */
  void resume() throws IOException {
    Optional<TrainingState> saved = folder.restore(learner);
    if (saved.isEmpty()) {
      return;
    }
    state = saved.get();
    events.resumeFrom(RunFolder.checkpointName(state));
    System.out.println("Going on with " + state.describeNext());
    state.history().forEach(this::printEpoch);
  }

  /** Learns to the end; if it is told to stop, or fails, the last checkpoint stands. */
  void train() throws IOException {
    try (PrefetchThread thread = new PrefetchThread()) {
      while (!isOver()) {
        learner.freeze(recipe.freezing(state.epoch()));
        learner.setRateFactors(recipe.rateFactors(state.epoch()));
        Throughput throughput = trainEpoch(thread);
        endEpoch(
            ValidationScores.of(learner, data.validation(), recipe.task(), thread, stop),
            throughput);
      }
    } catch (StopSignal.StopRequestedException stopped) {
      save();
      throw stopped;
    }
    if (restoresBestEpoch()) {
      learner.restoreBest();
    }
  }

  private boolean isOver() {
    return state.stopping().stopped() || state.epoch() > recipe.epochs();
  }

  private boolean restoresBestEpoch() {
    return recipe.keep() == Recipe.Keep.BEST && state.stopping().bestEpoch() > 0;
  }

  /** The epoch whose weights the learner has at the end. */
  int keptEpoch() {
    return restoresBestEpoch() ? state.stopping().bestEpoch() : state.epoch() - 1;
  }

  /** What every epoch came to. */
  List<TrainingHistory.EpochMetrics> history() {
    return state.history();
  }

  /** Why it came to its end. */
  RunReport.End end() {
    return new RunReport.End(state.stopping().stopped(), reason());
  }

  /** Why it came to its end, in words. */
  String reason() {
    if (recipe.epochs() == 0) {
      return "Nothing to learn by steps.";
    }
    String reason =
        state.stopping().stopped()
            ? "Stopped: the %s has not %s for %d epoch%s."
                .formatted(
                    recipe.monitor().label(),
                    recipe.monitor().direction() == Direction.MIN ? "fallen" : "risen",
                    state.stopping().waited(),
                    state.stopping().waited() == 1 ? "" : "s")
            : (recipe.epochs() == 1
                ? "1 epoch done."
                : "All %d epochs done.".formatted(recipe.epochs()));
    return "%s %s: epoch %d.".formatted(reason, restoresBestEpoch() ? "Best" : "Kept", keptEpoch());
  }

  /** How fast this process learned what it learned of an epoch. */
  private record Throughput(double seconds, int images) {
    double imagesPerSecond() {
      return images / seconds;
    }
  }

  private Throughput trainEpoch(PrefetchThread thread) throws IOException {
    LearningRateTracker learningRates =
        new LearningRateTracker(state.plateau().rate(), recipe.warmUpSteps(), totalSteps);
    int batchesDone = state.batch();
    int imagesDone = state.seen().pictures();
    int batchIndex = 0;
    long started = System.nanoTime();
    String title = "Epoch %d/%d".formatted(state.epoch(), recipe.epochs());
    try (Progress progress =
        Progress.start(title, " images", data.train().epochSize(), imagesDone)) {
      for (Batch batch : data.train().epoch(learner.manager(), state.epoch(), thread.executor())) {
        try (batch) {
          stop.throwIfRequested();
          if (batchIndex++ >= batchesDone) {
            logFirstBatch(batch);
            train(batch, learningRates);
            progress.step(batch.getSize(), progressText());
          }
        }
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Throughput(seconds, state.seen().pictures() - imagesDone);
  }

  private String progressText() {
    return String.format(
        Locale.ROOT,
        "batch %d/%d  loss %.4f",
        state.batch(),
        data.train().batchesPerEpoch(),
        state.seen().loss());
  }

  /** The first batch of the first epoch, as it was augmented. */
  private void logFirstBatch(Batch batch) throws IOException {
    if (learner.steps() == 0) {
      List<Xray> xrays = data.train().epochXrays(state.epoch());
      events.images(
          batch.getData().singletonOrThrow(),
          xrays.subList(0, batch.getSize()).stream().map(Xray::finding).toList());
    }
  }

  private void train(Batch batch, LearningRateTracker learningRates) throws IOException {
    Engine.getInstance()
        .setRandomSeed((int) SeedDerivation.derive(recipe.seed(), state.epoch(), state.batch()));
    float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
    learner.setLearningRate(learningRates.at(learner.steps()));
    Learner.StepResult step = learner.step(batch);
    requireFinite(step, batch);
    events.step(learner.steps(), state.batch(), step.loss(), learner.learningRate());
    state =
        state.afterBatch(
            new TrainingState.EpochTotals(
                step.loss() * step.weight(),
                step.weight(),
                countCorrect(step.outputs(), labels),
                labels.length));
    if (System.nanoTime() - lastSaved >= saveEveryNanos) {
      save();
    }
  }

  private void save() throws IOException {
    events.markCheckpoint(RunFolder.checkpointName(state), learner.steps());
    folder.save(learner, state);
    log.saved();
    lastSaved = System.nanoTime();
  }

  private void requireFinite(Learner.StepResult step, Batch batch) {
    if (!step.isFinite()) {
      List<Xray> xrays = data.train().epochXrays(state.epoch());
      String files =
          batch.getIndices().stream()
              .map(position -> xrays.get(((Number) position).intValue()).id())
              .collect(Collectors.joining(", "));
      throw UserErrorException.of(
          "a finite loss with finite gradients",
          "a loss of %s with gradients of norm %s in epoch %d, batch %d, which holds %s"
              .formatted(step.loss(), step.gradientNorm(), state.epoch(), state.batch() + 1, files),
          "Look at these pictures, or begin a run that learns slower: --set learning-rate=…, --set"
              + " adam.clip-norm=1.");
    }
  }

  private int countCorrect(float[][] outputs, float[] labels) {
    if (recipe.task() == Task.ANOMALY) {
      return 0; // nothing is called while normals are learned
    }
    int correct = 0;
    for (int i = 0; i < outputs.length; i++) {
      correct += predictedClass(outputs[i]) == (int) labels[i] ? 1 : 0;
    }
    return correct;
  }

  /** The class with the highest probability; the second one of two at 0.5. */
  private static int predictedClass(float[] logits) {
    if (logits.length == 1) {
      return logits[0] >= 0 ? 1 : 0;
    }
    int highest = 0;
    for (int i = 1; i < logits.length; i++) {
      highest = logits[i] > logits[highest] ? i : highest;
    }
    return highest;
  }

  private void endEpoch(ValidationScores.ValidationResult validation, Throughput throughput)
      throws IOException {
    requireFinite(validation.loss());
    boolean hasAccuracy = recipe.task() != Task.ANOMALY;
    LabelledProbabilities classes = validation.scores().classes();
    TrainingHistory.EpochMetrics row =
        new TrainingHistory.EpochMetrics(
            state.epoch(),
            state.seen().loss(),
            hasAccuracy ? state.seen().accuracy() : null,
            validation.loss(),
            hasAccuracy ? valueOrNull(MultiClassConfusionMatrix.of(classes).accuracy()) : null,
            valueOrNull(RankedScores.of(validation.scores().positiveScores()).auroc()),
            learner.learningRate());
    EarlyStopping.State stopping =
        earlyStopping.after(state.stopping(), row.metric(recipe.monitor()));
    if (stopping.isBest() && recipe.keep() == Recipe.Keep.BEST) {
      learner.keepAsBest();
    }
    ReduceOnPlateau.State plateau =
        recipe
            .plateau()
            .flatMap(
                settings ->
                    reduceOnPlateau.map(
                        r -> r.after(state.plateau(), row.metric(settings.monitor()))))
            .orElse(state.plateau());
    state = state.afterEpoch(row, stopping, plateau);
    log.epoch(row.epoch(), throughput.seconds(), throughput.imagesPerSecond());
    events.epoch(row.epoch(), tensorBoardScalars(row, throughput));
    save();
    folder.write(RunFolder.HISTORY, TrainingHistory.toCsv(state.history()));
    printEpoch(row);
  }

  private static Map<String, Double> tensorBoardScalars(
      TrainingHistory.EpochMetrics row, Throughput throughput) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/training", row.trainLoss());
    scalars.put("loss/validation", row.validationLoss());
    putIfPresent(scalars, "accuracy/training", row.trainAccuracy());
    putIfPresent(scalars, "accuracy/validation", row.validationAccuracy());
    putIfPresent(scalars, "auroc/validation", row.validationAuroc());
    scalars.put("learning_rate/last_of_epoch", row.learningRate());
    scalars.put("speed/images_per_second", throughput.imagesPerSecond());
    return scalars;
  }

  private static void putIfPresent(
      Map<String, Double> scalars, String name, @Nullable Double value) {
    if (value != null) {
      scalars.put(name, value);
    }
  }

  private void requireFinite(double validationLoss) {
    if (!Double.isFinite(validationLoss)) {
      throw UserErrorException.of(
          "a finite validation loss",
          "%s after epoch %d".formatted(validationLoss, state.epoch()),
          "Begin a run that learns slower: --set learning-rate=…, --set adam.clip-norm=1.");
    }
  }

  private static @Nullable Double valueOrNull(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined ? defined.value() : null;
  }

  private void printEpoch(TrainingHistory.EpochMetrics row) {
    boolean best = state.stopping().bestEpoch() == row.epoch();
    System.out.printf(
        "Epoch %2d  loss %.4f  validation: loss %.4f%s%s%s%n",
        row.epoch(),
        row.trainLoss(),
        row.validationLoss(),
        formatMetric("accuracy", row.validationAccuracy()),
        formatMetric("AUROC", row.validationAuroc()),
        best ? "  best so far" : "");
  }

  private static String formatMetric(String name, @Nullable Double value) {
    return value == null ? "" : "  %s %.4f".formatted(name, value);
  }
}
