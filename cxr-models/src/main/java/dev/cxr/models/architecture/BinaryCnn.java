package dev.cxr.models.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;

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
 * <p>6,811,841 trainable parameters at 224 x 224 x 1. Its layers keep the names that DJL gave them
 * in the first bundles.
 */
final class BinaryCnn {

  private static final int[] WIDTHS = {32, 64, 128, 256};
  private static final float[] DROPOUT = {0, .2f, .3f, .4f};

  private BinaryCnn() {}

  static Layout layout(Block input, int outputs) {
    Layout layout = new Layout().stage("stage1").add(input);
    for (int stage = 0; stage < WIDTHS.length; stage++) {
      if (stage > 0) {
        layout.stage("stage" + (stage + 1));
      }
      layout
          .add(
              Conv2d.builder()
                  .setFilters(WIDTHS[stage])
                  .setKernelShape(new Shape(3, 3))
                  .optPadding(new Shape(1, 1))
                  .build())
          .add(Activation.reluBlock())
          .add(BatchNorm.builder().build())
          .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
      if (DROPOUT[stage] > 0) {
        layout.add(Dropout.builder().optRate(DROPOUT[stage]).build());
      }
    }
    return layout
        .stage("head")
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(128).build())
        .add(Activation.reluBlock())
        .add(BatchNorm.builder().build())
        .add(Dropout.builder().optRate(.5f).build())
        .add(Linear.builder().setUnits(outputs).build());
  }
}
