package dev.cxr.train.recipe;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.dataset.Sampling;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.Freezing;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.learner.EmaConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that decides what a run learns, apart from the pictures.
 *
 * <p>In YAML the keys are these names with dashes, such as {@code learning-rate}; nested ones are
 * named {@code augmentation.rotation-degrees} in {@code --set}. A key may be absent where a default
 * is named; the resolved recipe names them all.
 *
 * @param name of the recipe and of the models it makes: letters, digits and dashes
 * @param about what it is and what it reproduces, for {@code recipes}
 * @param task the question
 * @param architecture the network's name, see {@code cxr-models list}
 * @param cascade whether two such networks are trained in place of one, for the three-class task:
 *     normal or pneumonia, and which pneumonia; false by default
 * @param mirrored whether the bundle answers by the mean of what it says of a picture and of its
 *     mirror image; false by default
 * @param side width and height of the network's input, in pixels
 * @param weights published weights that the backbone begins with; {@code none} by default, for
 *     random ones, or {@code {from: to-be-given}}, for a run that must be given some
 * @param freeze which stages keep the parameters they begin with; {@code none} by default
 * @param augmentation how training pictures are varied; kinds that are not named do nothing
 * @param sampling which training pictures an epoch holds, and how often
 * @param batchSize pictures a step
 * @param learningRate of Adam (Kingma and Ba 2015), at its highest
 * @param schedule how the learning rate goes from there; constant by default
 * @param warmUpSteps steps over which it first rises in a line; 0 by default
 * @param phases from which epoch on which layers learn at which share of the rate; none by default
 * @param adam what else Adam is told
 * @param averaging the moving average of weights that is judged and kept instead of the weights;
 *     {@code none} by default
 * @param classWeights how the loss weighs the classes
 * @param labelSmoothing share of certainty taken from the labels (Szegedy et al. 2015), from 0 to
 *     below 1; 0 by default
 * @param epochs at most; 0 where nothing is learned by steps, which is possible for anomalies told
 *     by a classifying network's embeddings
 * @param monitor the figure that tells the best epoch, for {@code keep} and {@code earlyStopping};
 *     validation-loss by default
 * @param keep which epoch's weights the bundle gets; best by default
 * @param earlyStopping when to stop before the last epoch, or {@code none}
 * @param plateau when to lower the learning rate, or {@code none}
 * @param validation which pictures validate
 * @param threshold how the operating threshold is chosen on validation, in the words of {@link
 *     ThresholdRule#parse}
 * @param thresholdViews how many augmented views of each validation picture it is chosen on, in
 *     place of the pictures as they are; 0 by default
 * @param embeddingLayer where anomalies are told by embeddings, the layer whose output, averaged
 *     over its positions, is the embedding; {@code none} by default, for the network's own
 * @param normalViews how many augmented views of each training picture tell what is normal besides
 *     the picture as it is, which counts as much as all of them; 0 by default
 * @param seed fixes initial weights, order, augmentation and dropout
 */
public record Recipe(
    String name,
    String about,
    Task task,
    String architecture,
    @Default("false") boolean cascade,
    @Default("false") boolean mirrored,
    int side,
    @Default("none") Optional<PretrainedConfig> weights,
    @Default("none") Freezing freeze,
    Augmentation augmentation,
    Sampling sampling,
    int batchSize,
    double learningRate,
    @Default("constant") Schedule schedule,
    @Default("0") int warmUpSteps,
    @Default("[]") List<Phase> phases,
    @Default("{}") AdamConfig adam,
    @Default("none") Optional<EmaConfig> averaging,
    ClassWeights classWeights,
    @Default("0.0") double labelSmoothing,
    int epochs,
    @Default("validation-loss") Monitor monitor,
    @Default("best") Keep keep,
    Optional<EarlyStoppingConfig> earlyStopping,
    Optional<PlateauConfig> plateau,
    ValidationSplitRule validation,
    ThresholdRule threshold,
    @Default("0") int thresholdViews,
    @Default("none") Optional<String> embeddingLayer,
    @Default("0") int normalViews,
    long seed) {

  private static final double MAX_FACTOR = 1000;

  /**
   * Published weights: {@link PretrainedWeights}.
   *
   * @param from a {@code safetensors} file, an address, or {@code to-be-given}
   * @param sha256 of the file, in hexadecimal; required with an address, {@code none} by default: a
   *     run then keeps that of the file it finds
   */
  public record PretrainedConfig(String from, @Default("none") Optional<String> sha256) {

    /** Stands for a file that whoever runs the recipe has to name. */
    private static final String UNSPECIFIED = "to-be-given";

    /** Whether it says which they are. */
    public boolean isSpecified() {
      return !from.equals(UNSPECIFIED);
    }
  }

  /** How the learning rate goes after its warm-up. */
  public enum Schedule {
    /** It stays. */
    CONSTANT,
    /** Down half a cosine, to zero after the last epoch (Loshchilov and Hutter 2017). */
    COSINE
  }

  /** Which epoch's weights the bundle gets. */
  public enum Keep {
    /** Those of the best epoch. */
    BEST,
    /** Those of the last epoch. */
    LAST
  }

  /** How the loss weighs the classes. */
  public enum ClassWeights {
    /** Each picture counts the same. */
    NONE,
    /** Each class counts the same: n / (2 x pictures of the class), of an epoch as sampled. */
    BALANCED
  }

  /**
   * What Adam is told besides its learning rate; its betas are 0.9 and 0.999.
   *
   * @param epsilon what keeps it from dividing by zero: 1e-8 by default, as in PyTorch; in Keras it
   *     is 1e-7
   * @param weightDecay decoupled (Loshchilov and Hutter 2019): a step takes rate times this off the
   *     weights, but not off biases and BatchNorm; 0 by default
   * @param clipNorm the greatest norm of all gradients together, to which they are shrunk; {@code
   *     none} by default
   */
  public record AdamConfig(
      @Default("1.0e-8") double epsilon,
      @Default("0.0") double weightDecay,
      @Default("none") Optional<Double> clipNorm) {

    /** Refuses what cannot be. */
    public AdamConfig {
      require(epsilon > 0 && epsilon <= 1, "epsilon", "above 0, at most 1", epsilon);
      require(weightDecay >= 0 && weightDecay <= 100, "weight-decay", "0 to 100", weightDecay);
      clipNorm.ifPresent(norm -> require(norm > 0, "clip-norm", "above 0", norm));
    }
  }

  /**
   * The learning rates of layers, from an epoch on until the next phase begins; before the first
   * one all layers learn at the learning rate.
   *
   * @param fromEpoch counted from 1
   * @param others share of the learning rate for parameters that {@code factors} do not name; 1 by
   *     default, 0 freezes them
   * @param factors share of the learning rate, by what names of parameters begin with; the longest
   *     that fits counts, and 0 freezes; none by default
   * @param freeze which stages are frozen as a whole, BatchNorm and dropout included; {@code none}
   *     by default, whatever the recipe's own {@code freeze} says
   */
  public record Phase(
      int fromEpoch,
      @Default("1.0") double others,
      @Default("{}") Map<String, Double> factors,
      @Default("none") Freezing freeze) {

    /** Refuses what cannot be. */
    public Phase {
      require(fromEpoch >= 1, "from-epoch", "at least 1", fromEpoch);
      require(others >= 0 && others <= MAX_FACTOR, "others", "0 to 1000", others);
      factors.forEach(
          (layer, factor) ->
              require(
                  factor >= 0 && factor <= MAX_FACTOR, "factors." + layer, "0 to 1000", factor));
      require(
          others > 0 || factors.values().stream().anyMatch(factor -> factor > 0),
          "others and factors",
          "something that learns",
          "all at 0");
      factors = Map.copyOf(factors);
    }

    /** Factors for every parameter: the empty beginning fits all. */
    public Map<String, Double> allFactors() {
      Map<String, Double> all = new HashMap<>(factors);
      all.putIfAbsent("", others);
      return all;
    }
  }

  /**
   * Stops when the monitored figure no longer gets better: Keras' EarlyStopping.
   *
   * @param patience epochs without a better figure before it stops, at least 1
   * @param minDelta by how much a figure must be better to count; 0 by default
   * @param startFromEpoch how many epochs at the start are left out of account; 0 by default
   */
  public record EarlyStoppingConfig(
      int patience, @Default("0.0") double minDelta, @Default("0") int startFromEpoch) {

    /** Refuses what cannot be. */
    public EarlyStoppingConfig {
      require(patience >= 1, "patience", "at least 1", patience);
      require(minDelta >= 0, "min-delta", "0 or more", minDelta);
      require(startFromEpoch >= 0, "start-from-epoch", "0 or more", startFromEpoch);
    }
  }

  /**
   * Lowers the learning rate when a figure no longer gets better: Keras' ReduceLROnPlateau.
   *
   * @param factor what the rate is multiplied by, between 0 and 1
   * @param patience epochs without a better figure before it is, at least 1
   * @param minLearningRate below which it is not lowered; 0 by default
   * @param monitor the figure; validation-loss by default
   * @param minDelta by how much a figure must be better to count; 1e-4 by default, as in Keras
   * @param cooldown epochs after a lowering that are not counted, as Keras counts them; 0 by
   *     default
   */
  public record PlateauConfig(
      double factor,
      int patience,
      @Default("0.0") double minLearningRate,
      @Default("validation-loss") Monitor monitor,
      @Default("1.0e-4") double minDelta,
      @Default("0") int cooldown) {

    /** Refuses what cannot be. */
    public PlateauConfig {
      require(factor > 0 && factor < 1, "factor", "between 0 and 1", factor);
      require(patience >= 1, "patience", "at least 1", patience);
      require(minLearningRate >= 0, "min-learning-rate", "0 or more", minLearningRate);
      require(minDelta >= 0, "min-delta", "0 or more", minDelta);
      require(cooldown >= 0, "cooldown", "0 or more", cooldown);
    }
  }

  /** Refuses what cannot be run. */
  public Recipe {
    require(name.matches("[a-z0-9-]{1,64}"), "name", "lower-case letters, digits, dashes", name);
    requireCompatible(task, Architectures.forName(architecture), cascade);
    require(side >= 32 && side <= 1024, "side", "32 to 1024", side);
    require(batchSize >= 2 && batchSize <= 1024, "batch-size", "2 to 1024", batchSize);
    require(
        learningRate > 0 && learningRate <= 1, "learning-rate", "above 0, at most 1", learningRate);
    int minEpochs =
        task == Task.ANOMALY
                && Architectures.forName(architecture).kind() == Architecture.Kind.CLASSIFIER
            ? 0
            : 1;
    require(epochs >= minEpochs && epochs <= 10_000, "epochs", minEpochs + " to 10,000", epochs);
    require(
        thresholdViews >= 0 && thresholdViews <= 1000,
        "threshold-views",
        "0 to 1000",
        thresholdViews);
    require(normalViews >= 0 && normalViews <= 1000, "normal-views", "0 to 1000", normalViews);
    require(
        task != Task.ANOMALY || !monitor.isAccuracy(),
        "monitor",
        "one that there is without an operating point, such as validation-loss",
        monitor.label());
    require(warmUpSteps >= 0, "warm-up-steps", "0 or more", warmUpSteps);
    require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "label-smoothing",
        "from 0 to below 1",
        labelSmoothing);
    phases = List.copyOf(phases);
    for (int i = 1; i < phases.size(); i++) {
      require(
          phases.get(i).fromEpoch() > phases.get(i - 1).fromEpoch(),
          "phases",
          "each with a later from-epoch",
          phases.get(i).fromEpoch());
    }
  }

  /** The factors of the learning rate that hold in an epoch, by the beginnings of names. */
  public Map<String, Double> rateFactors(int epoch) {
    return phase(epoch).map(Phase::allFactors).orElse(Map.of());
  }

  /** Which stages are frozen in an epoch. */
  public Freezing freezing(int epoch) {
    return phase(epoch).map(Phase::freeze).orElse(freeze);
  }

  /**
   * What answers in the bundle, of one network; a cascade's steps have one each.
   *
   * @throws IllegalStateException of a cascade
   */
  public ModelSpec modelSpec() {
    if (cascade) {
      throw new IllegalStateException("a cascade is composed of its steps' networks");
    }
    Architecture network = Architectures.forName(architecture);
    ModelSpec singleNetwork =
        task != Task.ANOMALY
            ? new ModelSpec.SingleNetworkSpec(network)
            : network.kind() == Architecture.Kind.AUTOENCODER
                ? new ModelSpec.ReconstructionSpec(network)
                : new ModelSpec.MahalanobisSpec(network, embeddingLayer);
    return mirrored ? new ModelSpec.FlipAveragedSpec(singleNetwork) : singleNetwork;
  }

  /** The network's input: size, channels and pixel normalization. */
  public InputSpec inputSpec() {
    return Architectures.forName(architecture).input(side);
  }

  private static void requireCompatible(Task task, Architecture architecture, boolean cascade) {
    require(
        task == Task.ANOMALY || architecture.kind() == Architecture.Kind.CLASSIFIER,
        "architecture",
        "one that classifies, for a task other than anomaly",
        architecture.id());
    require(
        !cascade || task == Task.THREE_CLASS,
        "cascade",
        "false, for a task other than three-class",
        cascade);
  }

  private Optional<Phase> phase(int epoch) {
    return phases.stream()
        .filter(phase -> phase.fromEpoch() <= epoch)
        .reduce((earlier, later) -> later);
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s, not %s".formatted(key, expected, found));
    }
  }
}
