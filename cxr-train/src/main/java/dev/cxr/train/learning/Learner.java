package dev.cxr.train.learning;

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
  private final Objective objective;
  private final Average average;
  private final LearnerFile file;
  private Adam adam;
  private Map<String, Double> rateFactors = Map.of();
  private double learningRate;
  private long steps;
  private @Nullable Weights best;

  Learner(Model model, Shape input, LearnerBuilder.Settings settings) {
    this.model = model;
    objective = settings.objective();
    learningRate = settings.learningRate();
    manager = model.getNDManager().newSubManager();
    store = new ParameterStore(manager, false);
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, input);
    parameters = model.getBlock().getParameters();
    average = new Average(settings.averaging(), parameters, manager);
    adam = new Adam(parameters, manager, settings.adam());
    file = new LearnerFile(parameters, manager, settings);
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
  public record Step(double loss, double weight, double gradientNorm, float[][] outputs) {

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
  public record Answers(float[][] outputs, double[] losses, double[] weights) {}

  /** Parent of the batches to learn from. */
  public NDManager manager() {
    return manager;
  }

  /** The model; until the next step it holds the weights that are judged. */
  public Model model() {
    average.show();
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
      if (Adam.canLearn(pair.getValue()) && wasFrozen != isFrozen) {
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
  public PretrainedWeights.LoadResult beginWith(Path file) throws IOException {
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
  public Step step(Batch batch) {
    average.hide();
    average.begin();
    Step seen = forwardAndBackward(batch);
    if (!Double.isFinite(seen.loss())) {
      return seen;
    }
    double norm = adam.step(name -> learningRate * factor(rateFactors, name));
    if (Double.isFinite(norm)) {
      average.follow(steps);
      steps++;
    }
    return new Step(seen.loss(), seen.weight(), norm, seen.outputs());
  }

  private Step forwardAndBackward(Batch batch) {
    try (NDManager own = manager.newSubManager();
        NDScope scope = new NDScope();
        GradientCollector collector = manager.getEngine().newGradientCollector()) {
      scope.suppressNotUsedWarning();
      own.tempAttachAll(batch.getData(), batch.getLabels());
      NDArray outputs = forward(batch, true);
      NDArray targets = targets(batch);
      NDArray loss = objective.loss(outputs, targets);
      double value = loss.getFloat();
      if (Double.isFinite(value)) {
        collector.backward(loss);
      }
      double weight = Arrays.stream(rows(targets)).mapToDouble(objective::weight).sum();
      return new Step(value, weight, Double.NaN, rows(outputs));
    }
  }

  /** What the weights that are judged say of a batch, nothing learned; the caller closes it. */
  public Answers evaluate(Batch batch) {
    average.show();
    try (NDManager own = manager.newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      own.tempAttachAll(batch.getData(), batch.getLabels());
      float[][] outputs = rows(forward(batch, false));
      float[][] targets = rows(targets(batch));
      double[] losses = new double[outputs.length];
      double[] weights = new double[outputs.length];
      for (int i = 0; i < outputs.length; i++) {
        losses[i] = objective.of(outputs[i], targets[i]);
        weights[i] = objective.weight(targets[i]);
      }
      return new Answers(outputs, losses, weights);
    }
  }

  private NDArray forward(Batch batch, boolean training) {
    return model.getBlock().forward(store, batch.getData(), training).singletonOrThrow();
  }

  private NDArray targets(Batch batch) {
    return objective.targets(
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
    average.show();
    if (best == null) {
      best = Weights.copyOf(parameters, manager);
    } else {
      best.takeFromNetwork();
    }
  }

  private void replaceBest(@Nullable Weights next) {
    if (best != null) {
      best.close();
    }
    best = next;
  }

  /**
   * Goes back to the best weights; steps would go on from there, and a new average begin.
   *
   * @throws IllegalStateException without {@link #keepAsBest}
   */
  public void restoreBest() {
    if (best == null) {
      throw new IllegalStateException("keepAsBest() comes first");
    }
    best.copyIntoNetwork();
    average.restartFrom(null);
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
    file.write(
        path,
        new LearnerFile.Content(
            notes,
            steps,
            learningRate,
            rateFactors,
            adam,
            average.hidden(),
            Optional.ofNullable(best)));
  }

  /** How many bytes a saved learner has at most. */
  public long largestSaved() {
    return file.largest();
  }

  /**
   * Goes on where the learner stood that was saved; if that is refused, this one is as it was.
   *
   * @return the notes
   * @throws UserErrorException if the file is damaged, or of another network or other settings
   * @throws IOException if it cannot be read
   */
  public String restore(Path path) throws IOException {
    LearnerFile.Content content = file.read(path);
    average.restartFrom(content.average().orElse(null));
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
