package dev.cxr.train.learner;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.cxr.train.loss.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Learner}; name, network, side, loss and learning rate are required. */
public final class LearnerBuilder {

  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;

  private String name = "";
  private @Nullable Block network;
  private int side;
  private @Nullable Loss lossFunction;
  private double learningRate = Double.NaN;
  private @Nullable Device device;
  private double epsilon = 1e-8;
  private double weightDecay;
  private double clipNorm = Double.POSITIVE_INFINITY;
  private Optional<EmaConfig> ema = Optional.empty();

  /** The name of the model. */
  public LearnerBuilder setName(String modelName) {
    this.name = modelName;
    return this;
  }

  /**
   * A network with input (N, 1, side, side) float32. Parameters without values are initialized at
   * random, by the engine's seed.
   */
  public LearnerBuilder setNetwork(Block block) {
    this.network = block;
    return this;
  }

  /** Width and height of the network's input. */
  public LearnerBuilder setSide(int pixels) {
    this.side = pixels;
    return this;
  }

  /** The loss to minimize. */
  public LearnerBuilder setLoss(Loss newLoss) {
    this.lossFunction = newLoss;
    return this;
  }

  /** The learning rate of the first step; {@link Learner#setLearningRate} changes it. */
  public LearnerBuilder setLearningRate(double rate) {
    this.learningRate = rate;
    return this;
  }

  /** The device; by default the engine's choice, which is a GPU if there is one. */
  public LearnerBuilder optDevice(Device newDevice) {
    this.device = newDevice;
    return this;
  }

  /** Adam's epsilon; 1e-8 by default, as in PyTorch (1e-7 in Keras). */
  public LearnerBuilder optEpsilon(double newEpsilon) {
    this.epsilon = newEpsilon;
    return this;
  }

  /**
   * Decoupled weight decay, as in AdamW, of all weights except biases and BatchNorm; 0 by default.
   */
  public LearnerBuilder optWeightDecay(double decay) {
    this.weightDecay = decay;
    return this;
  }

  /** Maximum norm of all gradients together; none by default. */
  public LearnerBuilder optClipNorm(double norm) {
    this.clipNorm = norm;
    return this;
  }

  /** A moving average of the weights, which is evaluated in their place; none by default. */
  public LearnerBuilder optEma(EmaConfig config) {
    this.ema = Optional.of(config);
    return this;
  }

  /**
   * The learner.
   *
   * @throws IllegalStateException naming everything that is missing or invalid
   */
  public Learner build() {
    List<String> problems = new ArrayList<>();
    require(!name.isEmpty(), "setName is required", problems);
    require(side > 0, "setSide is required", problems);
    require(learningRate >= 0, "setLearningRate is required, 0 or more", problems);
    require(epsilon > 0, "epsilon: above 0", problems);
    require(weightDecay >= 0, "weight decay: 0 or more", problems);
    require(clipNorm > 0, "clip norm: above 0", problems);
    Block block = network;
    Loss requiredLoss = lossFunction;
    if (block == null || requiredLoss == null || !problems.isEmpty()) {
      require(block != null, "setNetwork is required", problems);
      require(requiredLoss != null, "setObjective is required", problems);
      throw new IllegalStateException(String.join("; ", problems));
    }
    Adam.Settings adam = new Adam.Settings(BETA_1, BETA_2, (float) epsilon, weightDecay, clipNorm);
    Model model = Model.newInstance(name, device, "PyTorch");
    model.setBlock(block);
    return new Learner(
        model,
        new Shape(1, 1, side, side),
        new LearnerSettings(requiredLoss, learningRate, adam, ema));
  }

  private static void require(boolean holds, String problem, List<String> problems) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
