package dev.cxr.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.NetworkDefinition;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.run.SmallRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An architecture from another jar, registered in META-INF/services. */
class CustomArchitectureTest {

  @TempDir private Path folder;

  /** A perceptron without hidden layer. */
  public static final class Perceptron implements Architecture {

    @Override
    public String id() {
      return "test-perceptron";
    }

    @Override
    public String summary() {
      return "a perceptron, for tests";
    }

    @Override
    public NetworkDefinition define(InputSpec input, int outputs) {
      return NetworkDefinition.of(
          new SequentialBlock()
              .add(Blocks.batchFlattenBlock())
              .add(Linear.builder().setUnits(outputs).build()),
          input,
          outputs);
    }
  }

  @Test
  void isTrainedByRecipeAndLoadedFromItsBundle() throws Exception {
    SmallRun.writeImages(folder.resolve("data"));
    TrainedModel model =
        Trainer.builder()
            .setRecipe("quick")
            .setDataset(folder.resolve("data"))
            .setOutput(folder.resolve("run"))
            .optOverride("architecture", "test-perceptron")
            .optOverride("side", "32")
            .optOverride("epochs", "2")
            .optOverride("batch-size", "16")
            .optOverride("validation.fraction", "0.3")
            .build()
            .train();
    Bundle bundle = Bundle.open(model.bundle());
    assertThat(bundle.manifest().architecture()).isEqualTo("test-perceptron");
    assertThat(model.history().get(1))
        .extracting(EpochMetrics::trainLoss)
        .isNotEqualTo(model.history().get(0).trainLoss());
    Classifier.load(bundle).close();
  }
}
