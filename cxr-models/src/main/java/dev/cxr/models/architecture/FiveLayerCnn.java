package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.dense;
import static dev.cxr.models.architecture.Layers.dropout;
import static dev.cxr.models.architecture.Layers.flatten;
import static dev.cxr.models.architecture.Layers.maxPoolSame;
import static dev.cxr.models.architecture.Layers.relu;

/**
 * The five-layer network of the most copied binary notebook.
 *
 * <pre>
 * (N, 1, 150, 150)
 * 5 x [conv 3x3 'same' with bias, ReLU, dropout, BatchNorm, max pool 2x2 'same']
 *     32, 64, 64, 128, 256 channels; dropout 0, .1, 0, .2, .2; 75, 38, 19, 10, 5 pixels
 * (N, 256, 5, 5) flattened
 * dense 128, ReLU, dropout .2
 * dense, one logit
 * (N, 1)
 * </pre>
 *
 * <p>1,245,313 trainable parameters at 150 x 150 x 1.
 */
final class FiveLayerCnn {

  private static final int[] WIDTHS = {32, 64, 64, 128, 256};
  private static final double[] DROPOUT = {0, .1, 0, .2, .2};

  private FiveLayerCnn() {}

  static NetworkDefinition define(int outputs) {
    return NetworkDefinition.ofNumberedStages(
            WIDTHS.length,
            (definition, stage) -> {
              definition
                  .add("conv" + stage, biasedConv(WIDTHS[stage - 1]))
                  .add("relu" + stage, relu());
              if (DROPOUT[stage - 1] > 0) {
                definition.add("dropout" + stage, dropout(DROPOUT[stage - 1]));
              }
              definition
                  .add("bn" + stage, batchNorm(Layers.PYTORCH_EPSILON))
                  .add("pool" + stage, maxPoolSame());
            })
        .stage("head")
        .add("flatten", flatten())
        .add("dense", dense(128))
        .add("relu", relu())
        .add("dropout", dropout(.2))
        .add("logits", dense(outputs));
  }
}
