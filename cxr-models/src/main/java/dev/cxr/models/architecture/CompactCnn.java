package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.dense;
import static dev.cxr.models.architecture.Layers.dropout;
import static dev.cxr.models.architecture.Layers.flatten;
import static dev.cxr.models.architecture.Layers.maxPoolSame;
import static dev.cxr.models.architecture.Layers.relu;

/**
 * The compact network of the binary notebooks, without BatchNorm.
 *
 * <pre>
 * (N, 1, 150, 150)
 * 4 x [conv 3x3 'same' with bias, ReLU, max pool 2x2 'same']   32, 64, 128, 128 channels,
 *                                                              75, 38, 19, 10 pixels
 * (N, 128, 10, 10) flattened, dropout .5
 * dense 512, ReLU
 * dense, one logit
 * (N, 1)
 * </pre>
 *
 * <p>6,794,881 trainable parameters at 150 x 150 x 1.
 */
final class CompactCnn {

  private static final int[] WIDTHS = {32, 64, 128, 128};

  private CompactCnn() {}

  static NetworkDefinition define(int outputs) {
    return NetworkDefinition.ofNumberedStages(
            WIDTHS.length,
            (definition, stage) -> {
              definition
                  .add("conv" + stage, biasedConv(WIDTHS[stage - 1]))
                  .add("relu" + stage, relu())
                  .add("pool" + stage, maxPoolSame());
            })
        .stage("head")
        .add("flatten", flatten())
        .add("dropout", dropout(.5))
        .add("dense", dense(512))
        .add("relu", relu())
        .add("logits", dense(outputs));
  }
}
