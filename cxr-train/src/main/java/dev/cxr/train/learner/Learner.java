package dev.cxr.train.learner;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.MallocPrefill;
import dev.cxr.models.architecture.Freezing;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.loss.Loss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network in training: its weights, their moving average, the best weights so far and the state
 * of Adam.
 *
 * <p>{@link #evaluate}, {@link #keepAsBest} and {@link #model} use the moving average of the
 * weights if there is one, otherwise the weights.
 *
 * <p>Not thread-safe, and only one learner per process may train at a time: the engine collects
 * gradients in one place only. {@link #close()} frees all native memory.
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

  /**
   * A learner that has not trained yet. Parameters without values are initialized at random, by the
   * engine's seed.
   *
   * @param name of the model
   * @param network with input (N, 1, side, side) float32
   * @param side of the input, in pixels
   * @param device to train on
   * @param settings of loss and optimizer
   */
  public Learner(String name, Block network, int side, Device device, LearnerSettings settings) {
    model = Model.newInstance(name, device, "PyTorch");
    model.setBlock(network);
    lossFunction = settings.loss();
    learningRate = settings.learningRate();
    manager = model.getNDManager().newSubManager();
    store = new ParameterStore(manager, false);
    network.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, side, side));
    parameters = network.getParameters();
    ema = new WeightEma(settings.ema(), parameters, manager);
    adam = new Adam(parameters, manager, settings.adam());
    checkpoint = new LearnerCheckpoint(parameters, manager, settings);
    MallocPrefill.fill();
  }

  /**
   * The result of a training step.
   *
   * @param loss of the batch, before the step
   * @param weight of the batch in a mean over batches
   * @param gradientNorm of all gradients together, before clipping
   * @param outputs of each image
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record StepResult(double loss, double weight, double gradientNorm, float[][] outputs) {

    /** {@return whether loss and gradients are finite; otherwise the step changed no weight} */
    public boolean isFinite() {
      return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
  }

  /**
   * Outputs and losses of a batch.
   *
   * @param outputs of each image
   * @param losses of each image
   * @param weights of each image: the loss of the batch is sum of losses / sum of weights
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record BatchPredictions(float[][] outputs, double[] losses, double[] weights) {}

  /** {@return the parent of training batches} */
  public NDManager manager() {
    return manager;
  }

  /**
   * The model; until the next step it has the average of the weights, if there is one.
   *
   * @return DJL's model
   */
  public Model model() {
    ema.swapIn();
    return model;
  }

  /** {@return the number of training steps so far} */
  public long steps() {
    return steps;
  }

  /** {@return the learning rate of the next step} */
  public double learningRate() {
    return learningRate;
  }

  /**
   * Sets the learning rate of the next steps.
   *
   * @param rate 0 or more
   */
  public void setLearningRate(double rate) {
    learningRate = rate;
  }

  /**
   * Sets the learning rates of parameters for the next steps.
   *
   * <p>A factor of 0 freezes: no update, no decay and no gradient. Running statistics of BatchNorm
   * still change, unless {@link #freeze} stops them.
   *
   * @param factors of the learning rate, by prefixes of parameter names; the longest prefix counts;
   *     1 without a prefix
   * @throws UserErrorException if no parameter has such a prefix
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
   * Sets which stages are frozen in the next steps; rate factors apply to the others.
   *
   * @param freezing the stages
   * @throws UserErrorException if the network does not have so many stages
   */
  public void freeze(Freezing freezing) {
    if (model.getBlock() instanceof Network network) {
      Map<String, Double> factors = rateFactors;
      setRateFactors(Map.of()); // so that only the stages decide
      network.freeze(freezing);
      setRateFactors(factors);
    } else if (!freezing.equals(Freezing.NONE)) {
      throw new IllegalStateException("only a network of stages can be frozen by stages");
    }
  }

  /**
   * Loads pretrained weights into the backbone; before the first step.
   *
   * @param file safetensors
   * @return how many tensors were loaded
   * @throws UserErrorException if they do not fit this network
   * @throws IOException if the file cannot be read
   */
  public PretrainedWeights.LoadResult loadPretrained(Path file) throws IOException {
    if (!(model.getBlock() instanceof Network network)) {
      throw new IllegalStateException("only a registered architecture has pretrained weights");
    }
    return PretrainedWeights.load(file, network);
  }

  /**
   * Checks a prefix for {@link #setRateFactors}.
   *
   * @param prefix to look for
   * @throws UserErrorException if no parameter has it
   */
  public void requireParameters(String prefix) {
    if (parameters.keys().stream().noneMatch(name -> name.startsWith(prefix))) {
      throw UsageErrorException.of(
          "a prefix of a parameter's name, such as " + parameters.keyAt(0),
          "'" + prefix + "'",
          "Choose one of this network; `cxr-models summary` lists its layers.");
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
   * Trains on one batch, which the caller closes.
   *
   * <p>Intermediate arrays are freed at the end of the step. If the loss or a gradient is not
   * finite, no weight changes and the step does not count; only the running statistics of BatchNorm
   * have changed.
   *
   * @param batch one batch with data and labels
   * @return loss, gradient norm and outputs
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

  /**
   * Evaluates a batch, which the caller closes, without training.
   *
   * @param batch one batch with data and labels
   * @return outputs and losses
   */
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

  /** (N, …) as one array per image. */
  private static float[][] rows(NDArray array) {
    float[] numbers = array.toFloatArray();
    float[][] rows = new float[Math.toIntExact(array.getShape().get(0))][];
    int width = numbers.length / rows.length;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
    }
    return rows;
  }

  /** Keeps a copy of the evaluated weights as the best. */
  public void keepAsBest() {
    ema.swapIn();
    if (bestWeights == null) {
      bestWeights = WeightSnapshot.copyOf(parameters, manager);
    } else {
      bestWeights.copyFromNetwork();
    }
  }

  /**
   * Restores the best weights; further steps continue from them, with a new average.
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
   * Saves everything that determines the next step, except the engine's random numbers: weights,
   * running statistics, average, best weights, the state of Adam, learning rates, number of steps.
   *
   * @param path is replaced once the new file is complete
   * @param notes the caller's own state, at most 16 MiB
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
            ema.detachedAverage(),
            Optional.ofNullable(bestWeights)));
  }

  /** {@return the maximum size of a saved learner} */
  public long maxCheckpointBytes() {
    return checkpoint.maxBytes();
  }

  /**
   * Restores a saved learner; on an exception this one is unchanged.
   *
   * @param path of the checkpoint
   * @return the notes
   * @throws UserErrorException if the file is damaged or has another network or other settings
   * @throws IOException if it cannot be read
   */
  public String restore(Path path) throws IOException {
    LearnerCheckpoint.Content content = checkpoint.read(path);
    ema.reset(content.ema().orElse(null));
    if (bestWeights != null) {
      bestWeights.close();
    }
    bestWeights = content.best().orElse(null);
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
