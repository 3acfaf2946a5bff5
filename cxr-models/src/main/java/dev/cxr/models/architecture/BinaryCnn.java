package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.dense;
import static dev.cxr.models.architecture.Layers.dropout;
import static dev.cxr.models.architecture.Layers.flatten;
import static dev.cxr.models.architecture.Layers.relu;

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
 * the BatchNorm after it then scales its output on other images by up to 316, and some predictions
 * are overconfident and wrong. {@link ThreeClassCnn} has no such BatchNorm.
 */
final class BinaryCnn {

  private BinaryCnn() {}

  static NetworkDefinition define(int outputs) {
    return FourStageBackbone.define(0, .2, .3, .4)
        .stage("head")
        .add("flatten", flatten())
        .add("dense", dense(128))
        .add("relu", relu())
        .add("bn", batchNorm(Layers.PYTORCH_EPSILON))
        .add("dropout", dropout(.5))
        .add("logits", dense(outputs));
  }
}
