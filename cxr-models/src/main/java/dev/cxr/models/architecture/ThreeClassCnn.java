package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.dense;
import static dev.cxr.models.architecture.Layers.dropout;
import static dev.cxr.models.architecture.Layers.flatten;
import static dev.cxr.models.architecture.Layers.relu;

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
 * <p>6,811,843 trainable parameters at 224 x 224 x 1 with three outputs: {@link BinaryCnn}'s
 * without the BatchNorm after its dense layer, with two more logits.
 */
final class ThreeClassCnn {

  private ThreeClassCnn() {}

  static NetworkDefinition define(int outputs) {
    return FourStageBackbone.define(0, 0, .2, .3)
        .stage("head")
        .add("flatten", flatten())
        .add("dense", dense(128))
        .add("relu", relu())
        .add("dropout", dropout(.5))
        .add("logits", dense(outputs));
  }
}
