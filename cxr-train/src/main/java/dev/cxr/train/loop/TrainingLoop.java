package dev.cxr.train.loop;

import ai.djl.engine.Engine;
import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.data.dataset.SeedDerivation;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.MultiClassConfusionMatrix;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.recipe.Direction;
import dev.cxr.train.recipe.EarlyStopping;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.ReduceOnPlateau;
import dev.cxr.train.tensorboard.TensorBoardLogger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Trains epoch by epoch, from the start or from the last checkpoint.
 *
 * <p>Random numbers of every batch are seeded by the recipe's seed, epoch and batch, so that a
 * restored training continues exactly like one that was never stopped.
 */
public final class TrainingLoop {

  private final Recipe recipe;
  private final TrainingData data;
  private final Learner learner;
  private final RunFiles files;
  private final TrainingOptions options;
  private final EarlyStopping earlyStopping;
  private final long warmUpSteps;
  private final long totalSteps;
  private TrainingState state;
  private long lastSaved = System.nanoTime();

  /**
   * The files of a run that training writes.
   *
   * @param checkpoints to save to and resume from
   * @param history replaced after every epoch
   * @param log of times and memory
   * @param tensorBoard event files
   */
  public record RunFiles(
      CheckpointFolder checkpoints, Path history, RunLog log, TensorBoardLogger tensorBoard) {}

  /**
   * Why a training ended.
   *
   * @param early whether it ended before the recipe's last epoch
   * @param reason in a sentence
   */
  public record End(boolean early, String reason) {}

  /**
   * A training that has not begun.
   *
   * @param recipe the recipe
   * @param data a path, or {@code synthetic}
   * @param learner to train
   * @param files of the run
   * @param options of the training
   */
  public TrainingLoop(
      Recipe recipe, TrainingData data, Learner learner, RunFiles files, TrainingOptions options) {
    this.recipe = recipe;
    this.data = data;
    this.learner = learner;
    this.files = files;
    this.options = options;
    earlyStopping = recipe.earlyStopping().orElse(EarlyStopping.NEVER);
    warmUpSteps = recipe.warmUpSteps().steps(totalStepsOf(recipe, data));
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
            EarlyStopping.start(recipe.monitor().direction()),
            recipe
                .plateau()
                .map(plateau -> plateau.start(recipe.learningRate()))
                .orElse(new ReduceOnPlateau.State(recipe.learningRate(), 0, 0, 0)));
  }

  /**
   * {@return the number of steps if no criterion stops the training early}
   *
   * @param recipe the recipe
   * @param data its images
   */
  public static long totalStepsOf(Recipe recipe, TrainingData data) {
    return (long) recipe.epochs() * data.train().batchesPerEpoch();
  }

  /**
   * Checks what would otherwise fail epochs later.
   *
   * @param recipe the recipe
   * @param learner to train
   * @throws UserErrorException if a phase names layers that the network does not have
   */
  public static void requireCompatible(Recipe recipe, Learner learner) {
    learner.freeze(recipe.freeze());
    recipe.phases().forEach(phase -> learner.freeze(phase.freeze()));
    recipe.phases().forEach(phase -> phase.factors().keySet().forEach(learner::requireParameters));
  }

  /**
   * Restores the last checkpoint, if there is one.
   *
   * @throws IOException if a file cannot be read or written
   */
  public void resume() throws IOException {
    Optional<TrainingState> saved = files.checkpoints().restore(learner, options.listener());
    if (saved.isEmpty()) {
      return;
    }
    state = saved.get();
    files.tensorBoard().resumeFrom(CheckpointFolder.fileName(state));
    options
        .listener()
        .onMessage("Resuming at batch %d of epoch %d".formatted(state.batch() + 1, state.epoch()));
    state.history().forEach(this::reportEpoch);
  }

  /**
   * Trains to the end; on a stop request it saves first.
   *
   * @throws IOException if a file cannot be read or written
   */
  public void train() throws IOException {
    try (PrefetchThread thread = new PrefetchThread()) {
      while (!isOver()) {
        learner.freeze(recipe.freezing(state.epoch()));
        learner.setRateFactors(recipe.rateFactors(state.epoch()));
        Throughput throughput = trainEpoch(thread);
        endEpoch(
            ValidationScores.of(learner, data.validation(), recipe.task(), thread, options),
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

  /** {@return the epoch whose weights the learner has after {@link #train}} */
  public int keptEpoch() {
    return restoresBestEpoch() ? state.stopping().bestEpoch() : state.epoch() - 1;
  }

  /** {@return every epoch so far} */
  public List<EpochMetrics> history() {
    return state.history();
  }

  /** {@return why training ended} */
  public End end() {
    return new End(state.stopping().stopped(), reason());
  }

  private String reason() {
    if (recipe.epochs() == 0) {
      return "This recipe trains no epochs.";
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

  /** What this process trained of an epoch. */
  private record Throughput(double seconds, int images) {
    double imagesPerSecond() {
      return images / seconds;
    }
  }

  private Throughput trainEpoch(PrefetchThread thread) throws IOException {
    LearningRateTracker learningRates =
        new LearningRateTracker(state.plateau().rate(), warmUpSteps, totalSteps);
    int batchesDone = state.batch();
    int imagesDone = state.totals().images();
    int batchIndex = 0;
    long started = System.nanoTime();
    for (Batch batch : data.train().epoch(learner.manager(), state.epoch(), thread.executor())) {
      try (batch) {
        options.stop().throwIfRequested();
        if (batchIndex++ >= batchesDone) {
          logFirstBatch(batch);
          trainBatch(batch, learningRates);
        }
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Throughput(seconds, state.totals().images() - imagesDone);
  }

  /** Shows the first augmented images in TensorBoard. */
  private void logFirstBatch(Batch batch) throws IOException {
    if (learner.steps() == 0) {
      List<Xray> xrays = data.train().epochXrays(state.epoch());
      files
          .tensorBoard()
          .images(
              batch.getData().singletonOrThrow(),
              xrays.subList(0, batch.getSize()).stream().map(Xray::finding).toList());
    }
  }

  private void trainBatch(Batch batch, LearningRateTracker learningRates) throws IOException {
    Engine.getInstance()
        .setRandomSeed((int) SeedDerivation.derive(recipe.seed(), state.epoch(), state.batch()));
    float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
    learner.setLearningRate(learningRates.at(learner.steps()));
    Learner.StepResult step = learner.step(batch);
    requireFinite(step, batch);
    files.tensorBoard().step(learner.steps(), state.batch(), step.loss(), learner.learningRate());
    state =
        state.afterBatch(
            new TrainingState.EpochTotals(
                step.loss() * step.weight(),
                step.weight(),
                countCorrect(step.outputs(), labels),
                labels.length));
    if (System.nanoTime() - lastSaved >= options.checkpointInterval().toNanos()) {
      save();
    }
    options
        .listener()
        .onBatch(
            new TrainingListener.BatchMetrics(
                state.epoch(),
                recipe.epochs(),
                state.batch(),
                data.train().batchesPerEpoch(),
                labels.length,
                state.totals().images(),
                data.train().epochSize(),
                state.totals().loss(),
                learner.learningRate()));
  }

  private void save() throws IOException {
    files.tensorBoard().markCheckpoint(CheckpointFolder.fileName(state), learner.steps());
    files.checkpoints().save(learner, state);
    files.log().saved();
    lastSaved = System.nanoTime();
  }

  private void requireFinite(Learner.StepResult step, Batch batch) {
    if (!step.isFinite()) {
      List<Xray> xrays = data.train().epochXrays(state.epoch());
      String images =
          batch.getIndices().stream()
              .map(position -> xrays.get(((Number) position).intValue()).id())
              .collect(Collectors.joining(", "));
      throw UserErrorException.of(
          "a finite loss with finite gradients",
          "a loss of %s with a gradient norm of %s in epoch %d, batch %d, which holds %s"
              .formatted(
                  step.loss(), step.gradientNorm(), state.epoch(), state.batch() + 1, images),
          "Check these images, or start a run with a lower --set learning-rate=… or with --set"
              + " adam.clip-norm=1.");
    }
  }

  private int countCorrect(float[][] outputs, float[] labels) {
    if (recipe.task().isAnomaly()) {
      return 0; // no class is predicted while training on normal images only
    }
    int correct = 0;
    for (int i = 0; i < outputs.length; i++) {
      correct += predictedClass(outputs[i]) == (int) labels[i] ? 1 : 0;
    }
    return correct;
  }

  /** The most probable class; of a single logit class 1 from probability 0.5 on. */
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
    boolean hasAccuracy = !recipe.task().isAnomaly();
    LabelledProbabilities classes = validation.scores().classes();
    EpochMetrics row =
        new EpochMetrics(
            state.epoch(),
            state.totals().loss(),
            hasAccuracy ? state.totals().accuracy() : null,
            validation.loss(),
            hasAccuracy ? valueOrNull(MultiClassConfusionMatrix.of(classes).accuracy()) : null,
            valueOrNull(RankingMetrics.of(validation.scores().positiveScores()).auroc()),
            learner.learningRate());
    EarlyStopping.State stopping =
        earlyStopping.after(
            state.stopping(), row.metric(recipe.monitor()), recipe.monitor().direction());
    if (stopping.isBest() && recipe.keep() == Recipe.Keep.BEST) {
      learner.keepAsBest();
    }
    ReduceOnPlateau.State plateau = state.plateau();
    if (recipe.plateau().isPresent()) {
      ReduceOnPlateau rule = recipe.plateau().get();
      plateau = rule.after(plateau, row.metric(rule.monitor()));
    }
    state = state.afterEpoch(row, stopping, plateau);
    files.log().epoch(row.epoch(), throughput.seconds(), throughput.imagesPerSecond());
    files.tensorBoard().epoch(row.epoch(), tensorBoardScalars(row, throughput));
    save();
    TrainingHistory.write(files.history(), state.history());
    reportEpoch(row);
  }

  private static Map<String, @Nullable Double> tensorBoardScalars(
      EpochMetrics row, Throughput throughput) {
    Map<String, @Nullable Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/training", row.trainLoss());
    scalars.put("loss/validation", row.validationLoss());
    scalars.put("accuracy/training", row.trainAccuracy());
    scalars.put("accuracy/validation", row.validationAccuracy());
    scalars.put("auroc/validation", row.validationAuroc());
    scalars.put("learning_rate/last_of_epoch", row.learningRate());
    scalars.put("speed/images_per_second", throughput.imagesPerSecond());
    scalars.values().removeIf(Objects::isNull);
    return scalars;
  }

  private void requireFinite(double validationLoss) {
    if (!Double.isFinite(validationLoss)) {
      throw UserErrorException.of(
          "a finite validation loss",
          "%s after epoch %d".formatted(validationLoss, state.epoch()),
          "Start a run with a lower --set learning-rate=… or with --set adam.clip-norm=1.");
    }
  }

  private static @Nullable Double valueOrNull(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined ? defined.value() : null;
  }

  private void reportEpoch(EpochMetrics row) {
    options.listener().onEpoch(row, state.stopping().bestEpoch() == row.epoch());
  }
}
