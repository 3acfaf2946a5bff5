package dev.cxr.train.loop;

import ai.djl.Device;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.CpuInfo;
import dev.cxr.common.runtime.MemoryNeed;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.TrainingPrecision;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.summary.MemoryEstimate;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.learner.LearnerSettings;
import dev.cxr.train.loss.BinaryCrossEntropy;
import dev.cxr.train.loss.Loss;
import dev.cxr.train.loss.MeanSquaredError;
import dev.cxr.train.loss.SoftmaxCrossEntropy;
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Creates what a recipe describes: network, loss and optimizer. */
public final class LearnerFactory {

  private LearnerFactory() {}

  /**
   * The learner of a recipe, its weights initialized at random.
   *
   * @param recipe the recipe
   * @param classWeights of the loss
   * @param format how to read it; null if the path determines it
   * @param device to train on
   * @return a learner that has not trained yet
   * @throws dev.cxr.common.cli.UserErrorException if training would need more memory than the limit
   *     of this process, or the processor does not compute the recipe's precision
   */
  public static Learner create(
      Recipe recipe, double[] classWeights, MemoryFormat format, Device device) {
    if (recipe.precision() == TrainingPrecision.BFLOAT16 && !device.isGpu()) {
      requireBfloat16();
    }
    Network network = network(recipe, format);
    network.setTrainingPrecision(recipe.precision());
    Learner learner =
        new Learner(
            recipe.name(),
            network,
            recipe.side(),
            device,
            new LearnerSettings(
                loss(recipe, classWeights),
                recipe.learningRate(),
                recipe.adam().epsilon(),
                recipe.adam().weightDecay(),
                recipe.adam().clipNorm().orElse(Double.POSITIVE_INFINITY),
                recipe.ema()));
    if (!device.isGpu()) {
      checkMemory(recipe, network, learner);
    }
    return learner;
  }

  /** Others convert each number to float32 and back. */
  private static void requireBfloat16() {
    CpuInfo processor;
    try {
      processor = CpuInfo.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!processor.computesBfloat16()) {
      throw UserErrorException.of(
          "a processor with AVX512-BF16 or AMX for the precision bfloat16",
          processor.model(),
          "Train with --set precision=float32.");
    }
  }

  private static void checkMemory(Recipe recipe, Network network, Learner learner) {
    try {
      new MemoryNeed(
              MemoryEstimate.of(network, recipe.side()).training(recipe.batchSize()),
              "training %s in batches of %d at %d x %d"
                  .formatted(
                      recipe.architecture(), recipe.batchSize(), recipe.side(), recipe.side()),
              "Choose a smaller batch, such as --set batch-size=%d, or a smaller side."
                  .formatted(Math.max(1, recipe.batchSize() / 2)))
          .check();
    } catch (UserErrorException e) {
      learner.close();
      throw e;
    }
  }

  private static Network network(Recipe recipe, MemoryFormat format) {
    Architecture architecture = Architectures.forName(recipe.architecture());
    return switch (architecture.kind()) {
      case CLASSIFIER ->
          architecture.create(recipe.inputSpec(), LogitDecoder.logitCount(recipe.task()), format);
      case AUTOENCODER -> architecture.createAutoencoder(recipe.inputSpec(), format);
    };
  }

  private static Loss loss(Recipe recipe, double[] classWeights) {
    if (Architectures.forName(recipe.architecture()).kind() == Architecture.Kind.AUTOENCODER) {
      return new MeanSquaredError();
    }
    return LogitDecoder.logitCount(recipe.task()) == 1
        ? new BinaryCrossEntropy(classWeights[0], classWeights[1], recipe.labelSmoothing())
        : new SoftmaxCrossEntropy(
            Arrays.stream(classWeights).boxed().toList(), recipe.labelSmoothing());
  }
}
