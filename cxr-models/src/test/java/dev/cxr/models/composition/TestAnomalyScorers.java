package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

/** What is learned from drawn numbers in place of normal pictures. */
public final class TestAnomalyScorers {

  private TestAnomalyScorers() {}

  /** Gives a block the parameters it has none of yet, from the engine's seed. */
  public static void fit(AnomalyScorer novelty, NDManager manager, int side) {
    novelty
        .getChildren()
        .values()
        .forEach(
            network -> network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side)));
    ParameterStore parameters = new ParameterStore(manager, false);
    try (NDManager scope = manager.newSubManager()) {
      if (novelty instanceof MahalanobisDistance distance) {
        distance.fit(manager, distance.embed(parameters, randomImages(scope, side)));
      }
      novelty.fitStandardization(manager, novelty.scores(parameters, randomImages(scope, side)));
    }
  }

  private static NDArray randomImages(NDManager owner, int side) {
    NDArray noise = owner.randomUniform(0, 1, new Shape(6, 1, side, side));
    return noise.mul(owner.randomUniform(0, 1, new Shape(6, 1, 1, 1)));
  }
}
