package dev.cxr.train.recipe;

import static dev.cxr.train.recipe.RecipeChecks.require;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.dataset.Sampling;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.DatasetOptions;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.Freezing;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.TrainingPrecision;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.learner.EmaConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that determines what a run trains, except the images.
 *
 * <p>In YAML the keys are these names with dashes, such as {@code learning-rate}; {@code --set}
 * names nested ones {@code augmentation.rotation-degrees}. A key with a default may be absent; the
 * resolved recipe has all keys.
 *
 * @param name of the recipe and its models: lower-case letters, digits and dashes
 * @param description what it trains and reproduces, for {@code recipes}
 * @param task what to predict; with classes of one's own to distinguish these, or anomalies from
 *     the first
 * @param classes the classes, and their names in the dataset, as {@link ClassNames#parse} reads
 *     them; {@code none} by default, for the built-in findings
 * @param positiveClass the positive class of more than two of one's own; {@code none} by default,
 *     for all but the first
 * @param dicomWindow which of several windows of a DICOM file to apply; 1 by default
 * @param architecture name of the network, see {@code cxr-models list}
 * @param cascade whether to train two networks for the three-class task: normal or pneumonia, then
 *     bacterial or viral; false by default
 * @param flipAveraging whether the bundle averages its predictions for an image and its mirror
 *     image (flip test-time augmentation); false by default
 * @param side width and height of the network's input, in pixels
 * @param weights pretrained weights of the backbone; {@code none} by default, for random ones, or
 *     {@code {from: required}} if the run must name a file
 * @param freeze which stages are not trained; {@code none} by default
 * @param augmentation of training images; kinds that are not named change nothing
 * @param sampling which training images an epoch has, and how often; shares that do not name all
 *     classes of one's own become equal shares of these
 * @param batchSize images per step
 * @param learningRate peak learning rate of Adam (Kingma and Ba 2015)
 * @param schedule of the learning rate after the warm-up; constant by default
 * @param warmUpSteps steps over which the learning rate rises linearly, or their share of all
 *     steps; 0 by default
 * @param phases learning rates of layers by epoch; none by default
 * @param adam further settings of Adam
 * @param ema moving average of the weights, which is evaluated and kept in their place; {@code
 *     none} by default
 * @param classWeights of the loss
 * @param labelSmoothing (Szegedy et al. 2015) from 0 to below 1; 0 by default
 * @param precision of convolutions in training; float32 by default
 * @param epochs at most; 0 to train nothing, which is possible for anomaly detection by the
 *     embeddings of a classifier
 * @param monitor the metric of {@code keep} and {@code earlyStopping}; validation-loss by default
 * @param keep which epoch's weights the bundle contains; best by default
 * @param earlyStopping when to stop before the last epoch, or {@code none}
 * @param plateau when to lower the learning rate, or {@code none}
 * @param validation the validation split
 * @param threshold rule of the operating threshold, see {@link ThresholdRule#parse}
 * @param thresholdViews augmented views per validation image on which threshold and temperature are
 *     chosen; 0 by default, for the images as they are
 * @param embeddingLayer layer whose output, averaged over its positions, is the embedding of
 *     anomaly detection; {@code none} by default, for the network's own
 * @param normalViews augmented views per normal training image on which anomaly detection is
 *     fitted, besides the image itself, which counts as much as all of them; 0 by default
 * @param seed of initial weights, order, augmentation and dropout
 * @since 0.1
 */
public record Recipe(
    String name,
    String description,
    Task task,
    @Default("none") ClassNames classes,
    @Default("none") Optional<String> positiveClass,
    @Default("1") int dicomWindow,
    String architecture,
    @Default("false") boolean cascade,
    @Default("false") boolean flipAveraging,
    int side,
    @Default("none") Optional<PretrainedConfig> weights,
    @Default("none") Freezing freeze,
    Augmentation augmentation,
    Sampling sampling,
    int batchSize,
    double learningRate,
    @Default("constant") Schedule schedule,
    @Default("0") WarmUp warmUpSteps,
    @Default("[]") List<Phase> phases,
    @Default("{}") AdamConfig adam,
    @Default("none") Optional<EmaConfig> ema,
    ClassWeights classWeights,
    @Default("0.0") double labelSmoothing,
    @Default("float32") TrainingPrecision precision,
    int epochs,
    @Default("validation-loss") Monitor monitor,
    @Default("best") Keep keep,
    Optional<EarlyStopping> earlyStopping,
    Optional<ReduceOnPlateau> plateau,
    ValidationSplitRule validation,
    ThresholdRule threshold,
    @Default("0") int thresholdViews,
    @Default("none") Optional<String> embeddingLayer,
    @Default("0") int normalViews,
    long seed) {

  private static final double MAX_FACTOR = 1000;

  /**
   * Pretrained weights, see {@link PretrainedWeights}.
   *
   * @param from a {@code safetensors} file, a URL, or {@code required}
   * @param sha256 of the file, in hexadecimal; required for a URL; {@code none} by default, and a
   *     run then adds that of the file
   */
  public record PretrainedConfig(String from, @Default("none") Optional<String> sha256) {

    /** The second form is that of recipes before version 0.1. */
    private static final List<String> UNSPECIFIED = List.of("required", "to-be-given");

    /** {@return whether it names a file or a URL} */
    public boolean isSpecified() {
      return !UNSPECIFIED.contains(from);
    }
  }

  /** The learning rate after the warm-up. */
  public enum Schedule {
    /** Constant. */
    CONSTANT,
    /** Half a cosine to zero after the last epoch (Loshchilov and Hutter 2017). */
    COSINE
  }

  /** Which epoch's weights the bundle has. */
  public enum Keep {
    /** The best epoch. */
    BEST,
    /** The last epoch. */
    LAST
  }

  /** The class weights of the loss. */
  public enum ClassWeights {
    /** Every image counts the same. */
    NONE,
    /** Every class counts the same: n / (classes x images of the class), in a sampled epoch. */
    BALANCED
  }

  /**
   * Settings of Adam; its betas are 0.9 and 0.999.
   *
   * @param epsilon against division by zero: 1e-8 by default, as in PyTorch (1e-7 in Keras)
   * @param weightDecay decoupled (Loshchilov and Hutter 2019), not of biases and BatchNorm; 0 by
   *     default
   * @param clipNorm maximum norm of all gradients together; {@code none} by default
   */
  public record AdamConfig(
      @Default("1.0e-8") double epsilon,
      @Default("0.0") double weightDecay,
      @Default("none") Optional<Double> clipNorm) {

    /**
     * Checks the ranges.
     *
     * @param epsilon against division by zero: 1e-8 by default, as in PyTorch (1e-7 in Keras)
     * @param weightDecay decoupled (Loshchilov and Hutter 2019), not of biases and BatchNorm; 0 by
     *     default
     * @param clipNorm maximum norm of all gradients together; {@code none} by default
     */
    public AdamConfig {
      require(epsilon > 0 && epsilon <= 1, "epsilon", "above 0, at most 1", epsilon);
      require(weightDecay >= 0 && weightDecay <= 100, "weight-decay", "0 to 100", weightDecay);
      clipNorm.ifPresent(norm -> require(norm > 0, "clip-norm", "above 0", norm));
    }
  }

  /**
   * The learning rates of layers from an epoch on until the next phase; before the first phase all
   * layers have the recipe's learning rate.
   *
   * @param fromEpoch from 1
   * @param others factor of the learning rate for parameters that {@code factors} does not name; 1
   *     by default, 0 freezes them
   * @param factors of the learning rate, by prefixes of parameter names; the longest prefix counts,
   *     and 0 freezes; none by default
   * @param freeze stages that are not trained and run as in inference; {@code none} by default,
   *     which also ends the recipe's {@code freeze}
   */
  public record Phase(
      int fromEpoch,
      @Default("1.0") double others,
      @Default("{}") Map<String, Double> factors,
      @Default("none") Freezing freeze) {

    /**
     * Checks the ranges.
     *
     * @param fromEpoch from 1
     * @param others factor of the learning rate for parameters that {@code factors} does not name;
     *     1 by default, 0 freezes them
     * @param factors of the learning rate, by prefixes of parameter names; the longest prefix
     *     counts, and 0 freezes; none by default
     * @param freeze stages that are not trained and run as in inference; {@code none} by default,
     *     which also ends the recipe's {@code freeze}
     */
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
          "a factor above 0 for some parameters",
          "all at 0");
      factors = Map.copyOf(factors);
    }

    /** {@return factors for every parameter: the empty prefix is that of all} */
    public Map<String, Double> allFactors() {
      Map<String, Double> all = new HashMap<>(factors);
      all.putIfAbsent("", others);
      return all;
    }
  }

  /**
   * Checks ranges and combinations.
   *
   * @param name of the recipe and its models: lower-case letters, digits and dashes
   * @param description what it trains and reproduces, for {@code recipes}
   * @param task what to predict; with classes of one's own to distinguish these, or anomalies from
   *     the first
   * @param classes the classes, and their names in the dataset, as {@link ClassNames#parse} reads
   *     them; {@code none} by default, for the built-in findings
   * @param positiveClass the positive class of more than two of one's own; {@code none} by default,
   *     for all but the first
   * @param dicomWindow which of several windows of a DICOM file to apply; 1 by default
   * @param architecture name of the network, see {@code cxr-models list}
   * @param cascade whether to train two networks for the three-class task: normal or pneumonia,
   *     then bacterial or viral; false by default
   * @param flipAveraging whether the bundle averages its predictions for an image and its mirror
   *     image (flip test-time augmentation); false by default
   * @param side width and height of the network's input, in pixels
   * @param weights pretrained weights of the backbone; {@code none} by default, for random ones, or
   *     {@code {from: required}} if the run must name a file
   * @param freeze which stages are not trained; {@code none} by default
   * @param augmentation of training images; kinds that are not named change nothing
   * @param sampling which training images an epoch has, and how often; shares that do not name all
   *     classes of one's own become equal shares of these
   * @param batchSize images per step
   * @param learningRate peak learning rate of Adam (Kingma and Ba 2015)
   * @param schedule of the learning rate after the warm-up; constant by default
   * @param warmUpSteps steps over which the learning rate rises linearly, or their share of all
   *     steps; 0 by default
   * @param phases learning rates of layers by epoch; none by default
   * @param adam further settings of Adam
   * @param ema moving average of the weights, which is evaluated and kept in their place; {@code
   *     none} by default
   * @param classWeights of the loss
   * @param labelSmoothing (Szegedy et al. 2015) from 0 to below 1; 0 by default
   * @param precision of convolutions in training; float32 by default
   * @param epochs at most; 0 to train nothing, which is possible for anomaly detection by the
   *     embeddings of a classifier
   * @param monitor the metric of {@code keep} and {@code earlyStopping}; validation-loss by default
   * @param keep which epoch's weights the bundle contains; best by default
   * @param earlyStopping when to stop before the last epoch, or {@code none}
   * @param plateau when to lower the learning rate, or {@code none}
   * @param validation the validation split
   * @param threshold rule of the operating threshold, see {@link ThresholdRule#parse}
   * @param thresholdViews augmented views per validation image on which threshold and temperature
   *     are chosen; 0 by default, for the images as they are
   * @param embeddingLayer layer whose output, averaged over its positions, is the embedding of
   *     anomaly detection; {@code none} by default, for the network's own
   * @param normalViews augmented views per normal training image on which anomaly detection is
   *     fitted, besides the image itself, which counts as much as all of them; 0 by default
   * @param seed of initial weights, order, augmentation and dropout
   */
  public Recipe {
    require(name.matches("[a-z0-9-]{1,64}"), "name", "lower-case letters, digits, dashes", name);
    task = classes.task(task, positiveClass);
    sampling = sampling(sampling, classes);
    requireCompatible(task, Architectures.forName(architecture), cascade);
    require(dicomWindow >= 1, "dicom-window", "1 or more", dicomWindow);
    require(side >= 32 && side <= 1024, "side", "32 to 1024", side);
    require(batchSize >= 2 && batchSize <= 1024, "batch-size", "2 to 1024", batchSize);
    require(
        learningRate > 0 && learningRate <= 1, "learning-rate", "above 0, at most 1", learningRate);
    int minEpochs =
        task.isAnomaly()
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
        !task.isAnomaly() || !monitor.isAccuracy(),
        "monitor",
        "a metric without a decision threshold, such as validation-loss, for the task anomaly",
        monitor.label());
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

  /**
   * Factors of the learning rate in an epoch, by prefixes of parameter names.
   *
   * @param epoch from 1
   * @return 0 freezes; without an entry the factor is 1
   */
  public Map<String, Double> rateFactors(int epoch) {
    return phase(epoch).map(Phase::allFactors).orElse(Map.of());
  }

  /**
   * Which stages are frozen in an epoch.
   *
   * @param epoch from 1
   * @return none, the backbone or a number of stages
   */
  public Freezing freezing(int epoch) {
    return phase(epoch).map(Phase::freeze).orElse(freeze);
  }

  /**
   * How the bundle's model is composed; that of a cascade is composed of its steps.
   *
   * @return the composition of one network
   * @throws IllegalStateException of a cascade
   */
  public ModelSpec modelSpec() {
    if (cascade) {
      throw new IllegalStateException("a cascade is composed of its steps' networks");
    }
    Architecture network = Architectures.forName(architecture);
    ModelSpec singleNetwork = ModelSpec.singleNetwork(network, task, embeddingLayer);
    return flipAveraging ? ModelSpec.flipAveraged(singleNetwork) : singleNetwork;
  }

  /** {@return how to read a dataset for this recipe} */
  public DatasetOptions datasetOptions() {
    return DatasetOptions.of(validation, classes, dicomWindow);
  }

  /** {@return the network's input: size, channels and pixel normalization} */
  public InputSpec inputSpec() {
    return Architectures.forName(architecture).input(side);
  }

  /** Shares of other findings than the classes of one's own become equal shares of these. */
  private static Sampling sampling(Sampling sampling, ClassNames classes) {
    if (!(sampling instanceof Sampling.FindingShares given)) {
      return sampling;
    }
    if (!classes.isOwn()) {
      given
          .shares()
          .keySet()
          .forEach(
              finding ->
                  require(
                      Finding.BUILT_IN.contains(finding),
                      "sampling.shares",
                      "normal, bacterial-pneumonia, viral-pneumonia or pneumonia",
                      finding));
      return sampling;
    }
    Map<Finding, Double> shares = new HashMap<>();
    given
        .shares()
        .forEach(
            (name, share) -> classes.finding(name.name()).ifPresent(c -> shares.put(c, share)));
    if (shares.size() < classes.classes().size()) {
      shares.clear();
      classes
          .classes()
          .forEach(name -> shares.put(new Finding(name), 1.0 / classes.classes().size()));
    }
    return new Sampling.FindingShares(shares);
  }

  private static void requireCompatible(Task task, Architecture architecture, boolean cascade) {
    require(
        task.isAnomaly() || architecture.kind() == Architecture.Kind.CLASSIFIER,
        "architecture",
        "a classifier, for a task other than anomaly",
        architecture.id());
    require(
        !cascade || task.equals(Task.THREE_CLASS),
        "cascade",
        "false, for a task other than three-class",
        cascade);
  }

  private Optional<Phase> phase(int epoch) {
    return phases.stream()
        .filter(phase -> phase.fromEpoch() <= epoch)
        .reduce((earlier, later) -> later);
  }
}
