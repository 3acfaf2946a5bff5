package dev.cxr.train.recipe;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.catalogue.Task;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.dataset.Sampling;
import dev.cxr.models.architecture.Architecture;

/**
 * Everything that decides what a run learns, apart from the pictures.
 *
 * <p>In YAML the keys are these names with dashes, such as {@code learning-rate}; nested ones are
 * named {@code augmentation.rotation-degrees} in {@code --set}.
 *
 * @param name of the recipe and of the models it makes: letters, digits and dashes
 * @param about what it is and what it reproduces, for {@code recipes}
 * @param task the question
 * @param architecture the network's name, see {@code cxr-models list}
 * @param side width and height of the network's input, in pixels
 * @param augmentation how training pictures are varied; kinds that are not named do nothing
 * @param sampling which training pictures an epoch holds, and how often
 * @param batchSize pictures a step
 * @param learningRate of Adam (Kingma and Ba 2015), at the start
 * @param classWeights how the loss weighs the classes
 * @param epochs at most
 * @param earlyStopping when to stop before that
 * @param plateau when to lower the learning rate
 * @param validation which pictures validate
 * @param threshold how the operating threshold is chosen on validation
 * @param seed fixes initial weights, order, augmentation and dropout
 */
public record Recipe(
    String name,
    String about,
    Task task,
    String architecture,
    int side,
    Augmentation augmentation,
    Sampling sampling,
    int batchSize,
    double learningRate,
    ClassWeights classWeights,
    int epochs,
    EarlyStopping earlyStopping,
    Plateau plateau,
    ValidationRule validation,
    ThresholdRule threshold,
    long seed) {

  /** How the loss weighs the classes. */
  public enum ClassWeights {
    /** Each picture counts the same. */
    NONE,
    /** Each class counts the same: n / (2 x pictures of the class), of an epoch as sampled. */
    BALANCED
  }

  /** How the operating threshold is chosen from the validation probabilities. */
  public enum ThresholdRule {
    /** The greatest sensitivity + specificity - 1 (Youden 1950). */
    YOUDEN
  }

  /**
   * Stops when the validation loss no longer falls; the best epoch's weights are kept.
   *
   * @param patience epochs without a better loss before it stops, at least 1
   * @param minDelta by how much a loss must be lower to count as better
   */
  public record EarlyStopping(int patience, double minDelta) {

    /** Refuses what cannot be. */
    public EarlyStopping {
      require(patience >= 1, "patience", "at least 1", patience);
      require(minDelta >= 0, "min-delta", "0 or more", minDelta);
    }
  }

  /**
   * Lowers the learning rate when the validation loss no longer falls.
   *
   * @param factor what the rate is multiplied by, between 0 and 1
   * @param patience epochs without a better loss before it is, at least 1
   * @param minLearningRate below which it is not lowered
   */
  public record Plateau(double factor, int patience, double minLearningRate) {

    /** Refuses what cannot be. */
    public Plateau {
      require(factor > 0 && factor < 1, "factor", "between 0 and 1", factor);
      require(patience >= 1, "patience", "at least 1", patience);
      require(minLearningRate >= 0, "min-learning-rate", "0 or more", minLearningRate);
    }
  }

  /** Refuses what cannot be run. */
  public Recipe {
    require(name.matches("[a-z0-9-]{1,64}"), "name", "lower-case letters, digits, dashes", name);
    Architecture.named(architecture);
    require(side >= 32 && side <= 1024, "side", "32 to 1024", side);
    require(batchSize >= 2 && batchSize <= 1024, "batch-size", "2 to 1024", batchSize);
    require(
        learningRate > 0 && learningRate <= 1, "learning-rate", "above 0, at most 1", learningRate);
    require(epochs >= 1 && epochs <= 10_000, "epochs", "1 to 10,000", epochs);
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s, not %s".formatted(key, expected, found));
    }
  }
}
