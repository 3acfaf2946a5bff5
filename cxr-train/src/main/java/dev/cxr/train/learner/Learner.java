package dev.cxr.train.learner;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.MallocPrefill;
import dev.cxr.models.architecture.Freezing;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.loss.Loss;
import dev.cxr.train.schedule.EarlyStopping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network being trained: its weights, their average, the best so far, Adam's state, and one step
 * of learning.
 *
 * <p>{@link #evaluate}, {@link #keepAsBest} and {@link #model} are about the weights that are
 * judged: the average where one is kept, or else those learned last.
 *
 * <p>Use from one thread, and one learner's step at a time in a process: the engine collects
 * gradients in one place only. Everything native that it holds goes with {@link #close()}.
 */
public final class Learner implements AutoCloseable {

  private final Model model;
  private final NDManager manager;
  private final ParameterStore store;
  private final ParameterList parameters;
  private final Loss lossFunction;
  private final WeightEma ema;
  private final LearnerCheckpoint checkpoint;
  private Adam adam;
  private Map<String, Double> rateFactors = Map.of();
  private double learningRate;
  private long steps;
  private @Nullable WeightSnapshot bestWeights;

  Learner(Model model, Shape input, LearnerBuilder.Settings settings) {
    this.model = model;
    lossFunction = settings.loss();
    learningRate = settings.learningRate();
    manager = model.getNDManager().newSubManager();
    store = new ParameterStore(manager, false);
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, input);
    parameters = model.getBlock().getParameters();
    ema = new WeightEma(settings.ema(), parameters, manager);
    adam = new Adam(parameters, manager, settings.adam());
    checkpoint = new LearnerCheckpoint(parameters, manager, settings);
    MallocPrefill.fill();
  }

  /** A builder: name, network, side, objective and learning rate are required. */
  public static LearnerBuilder builder() {
    return new LearnerBuilder();
  }

  /**
   * What a step saw.
   *
   * @param loss the objective of the batch, before the step
   * @param weight what the batch counts for in a mean over batches
   * @param gradientNorm of all gradients together, before clipping
   * @param outputs of each picture
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record StepResult(double loss, double weight, double gradientNorm, float[][] outputs) {

    /** Whether loss and gradients are finite; if not, the step changed no weight. */
    public boolean isFinite() {
      return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
  }

  /**
   * What the network says of a batch.
   *
   * @param outputs of each picture
   * @param losses what each adds to the sum of the objective
   * @param weights what each counts for: the objective is sum of losses / sum of weights
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record BatchPredictions(float[][] outputs, double[] losses, double[] weights) {}

  /** Parent of the batches to learn from. */
  public NDManager manager() {
    return manager;
  }

  /** The model; until the next step it holds the weights that are judged. */
  public Model model() {
    ema.swapIn();
    return model;
  }

  /** How many steps were learned. */
  public long steps() {
    return steps;
  }

  /** The learning rate of the next step. */
  public double learningRate() {
    return learningRate;
  }

  /** Changes the learning rate, from the next step on. */
  public void setLearningRate(double rate) {
    learningRate = rate;
  }

  /**
   * Gives parameters learning rates of their own, from the next step on.
   *
   * <p>Those at 0 are frozen: no update, no decay and no gradient, so that the engine goes back no
   * further than it must. BatchNorm's running statistics still follow the pictures unless the
   * network's own freezing stops them. Parameters that require no gradient for another reason are
   * not learned either.
   *
   * @param factors of the learning rate, by what parameter names begin with; the longest that fits
   *     counts, and 1 where none does
   * @throws UserErrorException if no parameter's name begins so
   */
  public void setRateFactors(Map<String, Double> factors) {
    factors.keySet().forEach(this::requireParameters);
    for (Pair<String, Parameter> pair : parameters) {
      boolean wasFrozen = factor(rateFactors, pair.getKey()) == 0;
      boolean isFrozen = factor(factors, pair.getKey()) == 0;
      if (Adam.isTrainable(pair.getValue()) && wasFrozen != isFrozen) {
        pair.getValue().freeze(isFrozen);
      }
    }
    rateFactors = Map.copyOf(factors);
  }

  /**
   * Decides which stages learn at all, from the next step on; rate factors hold for the others.
   *
   * @throws UserErrorException if the network has not as many stages
   */
  public void freeze(Freezing freezing) {
    if (model.getBlock() instanceof Network network) {
      Map<String, Double> factors = rateFactors;
      setRateFactors(Map.of()); // so that only the stages decide
      network.freeze(freezing);
      setRateFactors(factors);
    } else if (!(freezing instanceof Freezing.None)) {
      throw new IllegalStateException("only a network of stages can be frozen by stages");
    }
  }

  /**
   * Begins with published weights in the backbone; before the first step.
   *
   * @param file safetensors
   * @throws UserErrorException if they are not of this network
   * @throws IOException if the file cannot be read
   */
  public PretrainedWeights.LoadResult loadPretrained(Path file) throws IOException {
    if (!(model.getBlock() instanceof Network network)) {
      throw new IllegalStateException("only a known architecture has published weights");
    }
    return PretrainedWeights.load(file, network);
  }

  /**
   * Checks what {@link #setRateFactors} will be told later.
   *
   * @throws UserErrorException if no parameter's name begins so
   */
  public void requireParameters(String prefix) {
    if (parameters.keys().stream().noneMatch(name -> name.startsWith(prefix))) {
      throw UserErrorException.ofUsage(
          "the beginning of a parameter's name, such as " + parameters.keyAt(0),
          "'" + prefix + "'",
          "Choose one that the network has.");
    }
  }

  private static double factor(Map<String, Double> factors, String name) {
    return factors.keySet().stream()
        .filter(name::startsWith)
        .max((a, b) -> Integer.compare(a.length(), b.length()))
        .map(factors::get)
        .orElse(1.0);
  }

  /**
   * Learns from one batch; the caller closes it, or learns from it again.
   *
   * <p>What the network computes on the way goes at the end of the step, not with the batch. If the
   * loss or a gradient is not finite, no weight changes and the step does not count; only
   * BatchNorm's running statistics have taken the batch in.
   */
  public StepResult step(Batch batch) {
    ema.swapOut();
    ema.startIfNeeded();
    StepResult seen = forwardAndBackward(batch);
    if (!Double.isFinite(seen.loss())) {
      return seen;
    }
    double norm = adam.step(name -> learningRate * factor(rateFactors, name));
    if (Double.isFinite(norm)) {
      ema.update(steps);
      steps++;
    }
    return new StepResult(seen.loss(), seen.weight(), norm, seen.outputs());
  }

  private StepResult forwardAndBackward(Batch batch) {
    try (NDManager own = manager.newSubManager();
        NDScope scope = new NDScope();
        GradientCollector collector = manager.getEngine().newGradientCollector()) {
      scope.suppressNotUsedWarning();
      own.tempAttachAll(batch.getData(), batch.getLabels());
      NDArray outputs = forward(batch, true);
      NDArray targets = targets(batch);
      NDArray loss = lossFunction.loss(outputs, targets);
      double value = loss.getFloat();
      if (Double.isFinite(value)) {
        collector.backward(loss);
      }
      double weight = Arrays.stream(rows(targets)).mapToDouble(lossFunction::sampleWeight).sum();
      return new StepResult(value, weight, Double.NaN, rows(outputs));
    }
  }

  /** What the weights that are judged say of a batch, nothing learned; the caller closes it. */
  public BatchPredictions evaluate(Batch batch) {
    ema.swapIn();
    try (NDManager own = manager.newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      own.tempAttachAll(batch.getData(), batch.getLabels());
      float[][] outputs = rows(forward(batch, false));
      float[][] targets = rows(targets(batch));
      double[] losses = new double[outputs.length];
      double[] weights = new double[outputs.length];
      for (int i = 0; i < outputs.length; i++) {
        losses[i] = lossFunction.sampleLoss(outputs[i], targets[i]);
        weights[i] = lossFunction.sampleWeight(targets[i]);
      }
      return new BatchPredictions(outputs, losses, weights);
    }
  }

  private NDArray forward(Batch batch, boolean training) {
    return model.getBlock().forward(store, batch.getData(), training).singletonOrThrow();
  }

  private NDArray targets(Batch batch) {
    return lossFunction.targets(
        batch.getData().singletonOrThrow(), batch.getLabels().singletonOrThrow());
  }

  /** (N, …) as one array of numbers a picture. */
  private static float[][] rows(NDArray array) {
    float[] numbers = array.toFloatArray();
    float[][] rows = new float[Math.toIntExact(array.getShape().get(0))][];
    int width = numbers.length / rows.length;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
    }
    return rows;
  }

  /** Remembers the weights that are judged as the best. */
  public void keepAsBest() {
    ema.swapIn();
    if (bestWeights == null) {
      bestWeights = WeightSnapshot.copyOf(parameters, manager);
    } else {
      bestWeights.copyFromNetwork();
    }
  }

  private void replaceBest(@Nullable WeightSnapshot next) {
    if (bestWeights != null) {
      bestWeights.close();
    }
    bestWeights = next;
  }

  /**
   * Goes back to the best weights; steps would go on from there, and a new average begin.
   *
   * @throws IllegalStateException without {@link #keepAsBest}
   */
  public void restoreBest() {
    if (bestWeights == null) {
      throw new IllegalStateException("keepAsBest() comes first");
    }
    bestWeights.copyToNetwork();
    ema.reset(null);
  }

  /**
   * Writes everything that decides the next step but the engine's random numbers: weights and
   * running statistics, their average, the best, Adam's state, learning rates, the count of steps.
   *
   * @param path appears, or is replaced, once it is complete
   * @param notes what the caller has to remember, such as JSON of position and {@link
   *     EarlyStopping.State}; at most 16 MiB
   * @throws IOException if the folder cannot be written or the disk is full
   */
  public void save(Path path, String notes) throws IOException {
    checkpoint.write(
        path,
        new LearnerCheckpoint.Content(
            notes,
            steps,
            learningRate,
            rateFactors,
            adam,
            ema.averageOutsideNetwork(),
            Optional.ofNullable(bestWeights)));
  }

  /** How many bytes a saved learner has at most. */
  public long maxCheckpointBytes() {
    return checkpoint.maxBytes();
  }

  /**
   * Goes on where the learner stood that was saved; if that is refused, this one is as it was.
   *
   * @return the notes
   * @throws UserErrorException if the file is damaged, or of another network or other settings
   * @throws IOException if it cannot be read
   */
  public String restore(Path path) throws IOException {
    LearnerCheckpoint.Content content = checkpoint.read(path);
    ema.reset(content.ema().orElse(null));
    replaceBest(content.best().orElse(null));
    adam.close();
    adam = content.adam();
    steps = content.steps();
    learningRate = content.learningRate();
    setRateFactors(content.rateFactors());
    return content.notes();
  }

  @Override
  public void close() {
    model.close();
  }
}
