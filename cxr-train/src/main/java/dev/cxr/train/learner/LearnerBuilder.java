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

/** Builds a {@link Learner}. */
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

  LearnerBuilder() {}

  /** What does not change while a learner learns, its first learning rate apart. */
  record Settings(Loss loss, double learningRate, Adam.Settings adam, Optional<EmaConfig> ema) {

    /** Those that a saved learner must share. */
    String compatibilityKey() {
      return "%s, %s, %s"
          .formatted(loss, adam, ema.map(EmaConfig::toString).orElse("no averaging"));
    }
  }

  /** The name of the model. */
  public LearnerBuilder setName(String modelName) {
    this.name = modelName;
    return this;
  }

  /**
   * From pictures (N, 1, side, side) to what the objective judges. Parameters that it has none of
   * yet are initialised at random, as the engine's seed has it.
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

  /** What learning makes small. */
  public LearnerBuilder setLoss(Loss newLoss) {
    this.lossFunction = newLoss;
    return this;
  }

  /** The learning rate of the first step; {@link Learner#setLearningRate} changes it. */
  public LearnerBuilder setLearningRate(double rate) {
    this.learningRate = rate;
    return this;
  }

  /** Where to learn; by default the engine's first choice: the GPU, if there is one. */
  public LearnerBuilder optDevice(Device newDevice) {
    this.device = newDevice;
    return this;
  }

  /** What keeps Adam from dividing by zero; 1e-8, as in PyTorch. In Keras it is 1e-7. */
  public LearnerBuilder optEpsilon(double newEpsilon) {
    this.epsilon = newEpsilon;
    return this;
  }

  /**
   * Decoupled weight decay, as in AdamW: each step takes learning rate times this off the weights.
   * Biases and BatchNorm are spared. 0 by default, for none.
   */
  public LearnerBuilder optWeightDecay(double decay) {
    this.weightDecay = decay;
    return this;
  }

  /** The greatest norm of all gradients together; they are shrunk to it. Any by default. */
  public LearnerBuilder optClipNorm(double norm) {
    this.clipNorm = norm;
    return this;
  }

  /** Keeps a moving average of the weights, which is what is judged; none by default. */
  public LearnerBuilder optEma(EmaConfig config) {
    this.ema = Optional.of(config);
    return this;
  }

  /**
   * The learner.
   *
   * @throws IllegalStateException naming everything that is missing or cannot be
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
        model, new Shape(1, 1, side, side), new Settings(requiredLoss, learningRate, adam, ema));
  }

  private static void require(boolean holds, String problem, List<String> problems) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
