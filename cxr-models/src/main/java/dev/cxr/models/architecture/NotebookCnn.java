package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.dense;
import static dev.cxr.models.architecture.Layers.dropout;
import static dev.cxr.models.architecture.Layers.flatten;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.maxPoolSame;
import static dev.cxr.models.architecture.Layers.relu;

/** The networks of the public notebooks: convolutional stages and a dense layer. */
final class NotebookCnn {

  private NotebookCnn() {}

  /**
   * The four-stage network of the binary notebooks.
   *
   * <pre>
   * (N, 1, 224, 224)
   * 4 x [conv 3x3 'same' with bias, ReLU, BatchNorm, max pool 2x2]   32, 64, 128, 256 channels
   *     dropout .2 after the second stage, .3 after the third, .4 after the fourth
   * (N, 256, 14, 14) flattened
   * dense 128, ReLU, BatchNorm, dropout .5
   * dense, one logit
   * (N, 1)
   * </pre>
   *
   * <p>6,811,841 trainable parameters at 224 x 224 x 1.
   *
   * <p>A unit of the dense layer that is 0 on every training image gets a running variance near 0;
   * the BatchNorm after it then scales its output on other images by up to 316, and some
   * predictions are overconfident and wrong. {@link #threeClass} has no such BatchNorm.
   */
  static NetworkDefinition binary(int outputs) {
    return fourStages(0, .2, .3, .4)
        .add("bn", batchNorm())
        .add("dropout", dropout(.5))
        .add("logits", dense(outputs));
  }

  /**
   * The network of the three-class notebooks: normal, bacterial, viral.
   *
   * <pre>
   * (N, 1, 224, 224)
   * 4 x [conv 3x3 'same' with bias, ReLU, BatchNorm, max pool 2x2]   32, 64, 128, 256 channels
   *     dropout .2 after the third stage, .3 after the fourth
   * (N, 256, 14, 14) flattened
   * dense 128, ReLU, dropout .5
   * dense, three logits
   * (N, 3)
   * </pre>
   *
   * <p>6,811,843 trainable parameters at 224 x 224 x 1 with three outputs: those of {@link #binary}
   * without the BatchNorm after its dense layer, with two more logits.
   */
  static NetworkDefinition threeClass(int outputs) {
    return fourStages(0, 0, .2, .3).add("dropout", dropout(.5)).add("logits", dense(outputs));
  }

  /** Up to the ReLU after the dense layer; a rate of 0 is no dropout layer. */
  private static NetworkDefinition fourStages(double... dropouts) {
    NetworkDefinition definition = new NetworkDefinition();
    for (int stage = 1; stage <= dropouts.length; stage++) {
      addConv(definition, stage, 16 << stage)
          .add("bn" + stage, batchNorm())
          .add("pool" + stage, maxPool(2, 2, 0));
      addDropout(definition, stage, dropouts[stage - 1]);
    }
    return addDense(definition.stage("head").add("flatten", flatten()), 128);
  }

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
  static NetworkDefinition compact(int outputs) {
    int[] widths = {32, 64, 128, 128};
    NetworkDefinition definition = new NetworkDefinition();
    for (int stage = 1; stage <= widths.length; stage++) {
      addConv(definition, stage, widths[stage - 1]).add("pool" + stage, maxPoolSame());
    }
    definition.stage("head").add("flatten", flatten()).add("dropout", dropout(.5));
    return addDense(definition, 512).add("logits", dense(outputs));
  }

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
  static NetworkDefinition fiveLayer(int outputs) {
    int[] widths = {32, 64, 64, 128, 256};
    double[] dropouts = {0, .1, 0, .2, .2};
    NetworkDefinition definition = new NetworkDefinition();
    for (int stage = 1; stage <= widths.length; stage++) {
      addConv(definition, stage, widths[stage - 1]);
      addDropout(definition, stage, dropouts[stage - 1])
          .add("bn" + stage, batchNorm())
          .add("pool" + stage, maxPoolSame());
    }
    return addDense(definition.stage("head").add("flatten", flatten()), 128)
        .add("dropout", dropout(.2))
        .add("logits", dense(outputs));
  }

  private static NetworkDefinition addConv(NetworkDefinition definition, int stage, int width) {
    return definition
        .stage("stage" + stage)
        .add("conv" + stage, biasedConv(width, 3, 1))
        .add("relu" + stage, relu());
  }

  private static NetworkDefinition addDropout(
      NetworkDefinition definition, int stage, double rate) {
    return rate > 0 ? definition.add("dropout" + stage, dropout(rate)) : definition;
  }

  private static NetworkDefinition addDense(NetworkDefinition definition, int units) {
    return definition.add("dense", dense(units)).add("relu", relu());
  }
}
