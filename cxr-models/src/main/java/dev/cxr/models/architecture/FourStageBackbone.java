package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.dropout;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.relu;

/** The convolutional stages of {@link BinaryCnn} and {@link ThreeClassCnn}. */
final class FourStageBackbone {

  private static final int[] WIDTHS = {32, 64, 128, 256};

  private FourStageBackbone() {}

  /**
   * Four times conv 3x3 'same' with bias, ReLU, BatchNorm, max pool 2x2.
   *
   * @param dropouts the rate after each stage; 0 for no dropout layer
   */
  static NetworkDefinition define(double... dropouts) {
    return NetworkDefinition.ofNumberedStages(
        WIDTHS.length,
        (definition, stage) -> {
          definition
              .add("conv" + stage, biasedConv(WIDTHS[stage - 1]))
              .add("relu" + stage, relu())
              .add("bn" + stage, batchNorm(Layers.PYTORCH_EPSILON))
              .add("pool" + stage, maxPool(2, 2, 0));
          if (dropouts[stage - 1] > 0) {
            definition.add("dropout" + stage, dropout(dropouts[stage - 1]));
          }
        });
  }
}
