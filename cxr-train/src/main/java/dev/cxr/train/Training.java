package dev.cxr.train;

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
import dev.cxr.train.learning.EarlyStopping;
import dev.cxr.train.learning.Learner;
import dev.cxr.train.learning.LearningRate;
import dev.cxr.train.learning.Mode;
import dev.cxr.train.learning.ReduceOnPlateau;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.report.RunLog;
import dev.cxr.train.report.RunReport;
import dev.cxr.train.tensorboard.TrainingEvents;
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
final class Training {

  private final Recipe recipe;
  private final TrainingData data;
  private final Learner learner;
  private final RunFolder folder;
  private final RunLog log;
  private final TrainingEvents events;
  private final StopSignal stop;
  private final long saveEveryNanos;
  private final EarlyStopping earlyStopping;
  private final Optional<ReduceOnPlateau> reduceOnPlateau;
  private final long totalSteps;
  private Standing standing;
  private long lastSaved = System.nanoTime();

  /** A training that has not begun. */
  Training(
      Recipe recipe,
      TrainingData data,
      Learner learner,
      RunFolder folder,
      RunLog log,
      TrainingEvents events,
      Run.Care care) {
    this.recipe = recipe;
    this.data = data;
    this.learner = learner;
    this.folder = folder;
    this.log = log;
    this.events = events;
    stop = care.stop();
    saveEveryNanos = care.saveEvery().toNanos();
    earlyStopping = earlyStopping(recipe);
    reduceOnPlateau = recipe.plateau().map(Training::reduceOnPlateau);
    totalSteps =
        recipe.schedule() == Recipe.Schedule.COSINE
            ? steps(recipe, data)
            : LearningRate.UNTIL_STOPPED;
    standing =
        new Standing(
            1,
            0,
            Standing.Seen.NOTHING,
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
                    recipe.monitor().mode(),
                    stopping.minDelta(),
                    stopping.patience(),
                    stopping.startFromEpoch()))
        .orElse(new EarlyStopping(recipe.monitor().mode(), 0, Integer.MAX_VALUE, 0));
  }

  private static ReduceOnPlateau reduceOnPlateau(Recipe.Plateau plateau) {
    return new ReduceOnPlateau(
        plateau.monitor().mode(),
        plateau.factor(),
        plateau.patience(),
        plateau.minDelta(),
        plateau.cooldown(),
        plateau.minLearningRate());
  }

  private static long steps(Recipe recipe, TrainingData data) {
    return (long) recipe.epochs() * data.train().batchesPerEpoch();
  }

  /**
   * Checks what would otherwise fail epochs later.
   *
   * @throws UserErrorException if the recipe's warm-up is longer than the run, or its phases name
   *     layers that the network has not
   */
  static void requireSuitable(Recipe recipe, TrainingData data, Learner learner) {
    long steps = steps(recipe, data);
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
    Optional<Standing> saved = folder.restore(learner);
    if (saved.isEmpty()) {
      return;
    }
    standing = saved.get();
    events.goOnFrom(RunFolder.checkpoint(standing));
    System.out.println("Going on with " + standing.next());
    standing.history().forEach(this::print);
  }

  /** Learns to the end; if it is told to stop, or fails, the last checkpoint stands. */
  void learn() throws IOException {
    try (PrefetchThread thread = new PrefetchThread()) {
      while (!isOver()) {
        learner.freeze(recipe.freezing(standing.epoch()));
        learner.setRateFactors(recipe.rateFactors(standing.epoch()));
        Pace pace = learnEpoch(thread);
        endEpoch(
            ValidationScores.of(learner, data.validation(), recipe.task(), thread, stop), pace);
      }
    } catch (StopSignal.Given stopped) {
      save();
      throw stopped;
    }
    if (keepsBest()) {
      learner.restoreBest();
    }
  }

  private boolean isOver() {
    return standing.stopping().stopped() || standing.epoch() > recipe.epochs();
  }

  private boolean keepsBest() {
    return recipe.keep() == Recipe.Keep.BEST && standing.stopping().bestEpoch() > 0;
  }

  /** The epoch whose weights the learner has at the end. */
  int keptEpoch() {
    return keepsBest() ? standing.stopping().bestEpoch() : standing.epoch() - 1;
  }

  /** What every epoch came to. */
  List<History.Epoch> history() {
    return standing.history();
  }

  /** Why it came to its end. */
  RunReport.End end() {
    return new RunReport.End(standing.stopping().stopped(), reason());
  }

  /** Why it came to its end, in words. */
  String reason() {
    if (recipe.epochs() == 0) {
      return "Nothing to learn by steps.";
    }
    String reason =
        standing.stopping().stopped()
            ? "Stopped: the %s has not %s for %d epoch%s."
                .formatted(
                    recipe.monitor().inWords(),
                    recipe.monitor().mode() == Mode.MIN ? "fallen" : "risen",
                    standing.stopping().waited(),
                    standing.stopping().waited() == 1 ? "" : "s")
            : (recipe.epochs() == 1
                ? "1 epoch done."
                : "All %d epochs done.".formatted(recipe.epochs()));
    return "%s %s: epoch %d.".formatted(reason, keepsBest() ? "Best" : "Kept", keptEpoch());
  }

  /** How fast this process learned what it learned of an epoch. */
  private record Pace(double seconds, int pictures) {
    double imagesPerSecond() {
      return pictures / seconds;
    }
  }

  private Pace learnEpoch(PrefetchThread thread) throws IOException {
    LearningRate rate =
        new LearningRate(standing.plateau().rate(), recipe.warmUpSteps(), totalSteps);
    int learnedBefore = standing.batch();
    int picturesBefore = standing.seen().pictures();
    int number = 0;
    long started = System.nanoTime();
    String title = "Epoch %d/%d".formatted(standing.epoch(), recipe.epochs());
    try (Progress progress =
        Progress.start(title, " images", data.train().epochSize(), picturesBefore)) {
      for (Batch batch :
          data.train().epoch(learner.manager(), standing.epoch(), thread.executor())) {
        try (batch) {
          stop.check();
          if (number++ >= learnedBefore) {
            showFirst(batch);
            learn(batch, rate);
            progress.step(batch.getSize(), note());
          }
        }
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Pace(seconds, standing.seen().pictures() - picturesBefore);
  }

  private String note() {
    return String.format(
        Locale.ROOT,
        "batch %d/%d  loss %.4f",
        standing.batch(),
        data.train().batchesPerEpoch(),
        standing.seen().loss());
  }

  /** The first batch of the first epoch, as it was augmented. */
  private void showFirst(Batch batch) throws IOException {
    if (learner.steps() == 0) {
      List<Xray> xrays = data.train().epochXrays(standing.epoch());
      events.pictures(
          batch.getData().singletonOrThrow(),
          xrays.subList(0, batch.getSize()).stream().map(Xray::finding).toList());
    }
  }

  private void learn(Batch batch, LearningRate rate) throws IOException {
    Engine.getInstance()
        .setRandomSeed(
            (int) SeedDerivation.derive(recipe.seed(), standing.epoch(), standing.batch()));
    float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
    learner.setLearningRate(rate.at(learner.steps()));
    Learner.Step step = learner.step(batch);
    requireFinite(step, batch);
    events.step(learner.steps(), standing.batch(), step.loss(), learner.learningRate());
    standing =
        standing.afterBatch(
            new Standing.Seen(
                step.loss() * step.weight(),
                step.weight(),
                correct(step.outputs(), labels),
                labels.length));
    if (System.nanoTime() - lastSaved >= saveEveryNanos) {
      save();
    }
  }

  private void save() throws IOException {
    events.saving(RunFolder.checkpoint(standing), learner.steps());
    folder.save(learner, standing);
    log.saved();
    lastSaved = System.nanoTime();
  }

  private void requireFinite(Learner.Step step, Batch batch) {
    if (!step.isFinite()) {
      List<Xray> xrays = data.train().epochXrays(standing.epoch());
      String files =
          batch.getIndices().stream()
              .map(position -> xrays.get(((Number) position).intValue()).id())
              .collect(Collectors.joining(", "));
      throw UserErrorException.of(
          "a finite loss with finite gradients",
          "a loss of %s with gradients of norm %s in epoch %d, batch %d, which holds %s"
              .formatted(
                  step.loss(), step.gradientNorm(), standing.epoch(), standing.batch() + 1, files),
          "Look at these pictures, or begin a run that learns slower: --set learning-rate=…, --set"
              + " adam.clip-norm=1.");
    }
  }

  private int correct(float[][] outputs, float[] labels) {
    if (recipe.task() == Task.ANOMALY) {
      return 0; // nothing is called while normals are learned
    }
    int correct = 0;
    for (int i = 0; i < outputs.length; i++) {
      correct += called(outputs[i]) == (int) labels[i] ? 1 : 0;
    }
    return correct;
  }

  /** The class with the highest probability; the second one of two at 0.5. */
  private static int called(float[] logits) {
    if (logits.length == 1) {
      return logits[0] >= 0 ? 1 : 0;
    }
    int highest = 0;
    for (int i = 1; i < logits.length; i++) {
      highest = logits[i] > logits[highest] ? i : highest;
    }
    return highest;
  }

  private void endEpoch(ValidationScores.Judged judged, Pace pace) throws IOException {
    requireFinite(judged.loss());
    boolean calls = recipe.task() != Task.ANOMALY;
    LabelledProbabilities classes = judged.scores().classes();
    History.Epoch row =
        new History.Epoch(
            standing.epoch(),
            standing.seen().loss(),
            calls ? standing.seen().accuracy() : null,
            judged.loss(),
            calls ? valueOrNull(MultiClassConfusionMatrix.of(classes).accuracy()) : null,
            valueOrNull(RankedScores.of(judged.scores().positives()).auroc()),
            learner.learningRate());
    EarlyStopping.State stopping =
        earlyStopping.after(standing.stopping(), row.figure(recipe.monitor()));
    if (stopping.isBest() && recipe.keep() == Recipe.Keep.BEST) {
      learner.keepAsBest();
    }
    ReduceOnPlateau.State plateau =
        recipe
            .plateau()
            .flatMap(
                told ->
                    reduceOnPlateau.map(
                        r -> r.after(standing.plateau(), row.figure(told.monitor()))))
            .orElse(standing.plateau());
    standing = standing.afterEpoch(row, stopping, plateau);
    log.epoch(row.epoch(), pace.seconds(), pace.imagesPerSecond());
    events.epoch(row.epoch(), shown(row, pace));
    save();
    folder.write(RunFolder.HISTORY, History.toCsv(standing.history()));
    print(row);
  }

  private static Map<String, Double> shown(History.Epoch row, Pace pace) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss/training", row.trainLoss());
    figures.put("loss/validation", row.validationLoss());
    putIfThere(figures, "accuracy/training", row.trainAccuracy());
    putIfThere(figures, "accuracy/validation", row.validationAccuracy());
    putIfThere(figures, "auroc/validation", row.validationAuroc());
    figures.put("learning_rate/last_of_epoch", row.learningRate());
    figures.put("speed/images_per_second", pace.imagesPerSecond());
    return figures;
  }

  private static void putIfThere(Map<String, Double> figures, String name, @Nullable Double value) {
    if (value != null) {
      figures.put(name, value);
    }
  }

  private void requireFinite(double validationLoss) {
    if (!Double.isFinite(validationLoss)) {
      throw UserErrorException.of(
          "a finite validation loss",
          "%s after epoch %d".formatted(validationLoss, standing.epoch()),
          "Begin a run that learns slower: --set learning-rate=…, --set adam.clip-norm=1.");
    }
  }

  private static @Nullable Double valueOrNull(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined ? defined.value() : null;
  }

  private void print(History.Epoch row) {
    boolean best = standing.stopping().bestEpoch() == row.epoch();
    System.out.printf(
        "Epoch %2d  loss %.4f  validation: loss %.4f%s%s%s%n",
        row.epoch(),
        row.trainLoss(),
        row.validationLoss(),
        figure("accuracy", row.validationAccuracy()),
        figure("AUROC", row.validationAuroc()),
        best ? "  best so far" : "");
  }

  private static String figure(String name, @Nullable Double value) {
    return value == null ? "" : "  %s %.4f".formatted(name, value);
  }
}
