package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.convPaddedBottomRight;
import static dev.cxr.models.architecture.Layers.depthwiseConv;
import static dev.cxr.models.architecture.Layers.depthwiseConvPaddedBottomRight;
import static dev.cxr.models.architecture.Layers.relu6;

import ai.djl.nn.Block;

/**
 * MobileNet v1 (Howard et al. 2017, table 1) as in Keras Applications; a width multiplier scales
 * the channels of every layer.
 *
 * <p>Every convolution is followed by BatchNorm and ReLU6; those with a stride pad right and
 * bottom.
 *
 * <pre>
 * (N, 3, 224, 224)
 * stage1   conv 3x3 / 2, 32; 1 separable conv, 64                 (N, 64, 112, 112)
 * stage2   2 separable convs, 128, the first / 2                  (N, 128, 56, 56)
 * stage3   2 separable convs, 256, the first / 2                  (N, 256, 28, 28)
 * stage4   6 separable convs, 512, the first / 2                  (N, 512, 14, 14)
 * stage5   2 separable convs, 1024, the first / 2                 (N, 1024, 7, 7)
 * global average pooling, dropout .3                              (N, 1024)
 * dense                                                           (N, outputs)
 * </pre>
 *
 * <p>3,206,976 trainable parameters at width 1 and 1,816,560 at .75, without the head. Names are
 * Keras's.
 */
final class MobileNetV1 {

  private static final float EPSILON = 1e-3f;

  /** Separable convolutions and their channels, stage by stage. */
  private static final int[][] STAGES = {{1, 64}, {2, 128}, {2, 256}, {6, 512}, {2, 1024}};

  private MobileNetV1() {}

  /**
   * Defines the layers.
   *
   * @param width the multiplier of the paper's channels, above 0
   */
  static NetworkDefinition define(int outputs, double width) {
    int channels = (int) (32 * width);
    NetworkDefinition definition = new NetworkDefinition().stage("stage1");
    addActivated(definition, "conv1", convPaddedBottomRight(channels));
    int number = 0;
    for (int stage = 0; stage < STAGES.length; stage++) {
      if (stage > 0) {
        definition.stage("stage" + (stage + 1));
      }
      for (int conv = 0; conv < STAGES[stage][0]; conv++) {
        number++;
        boolean isDownsampling = stage > 0 && conv == 0;
        addActivated(
            definition,
            "conv_dw_" + number,
            isDownsampling ? depthwiseConvPaddedBottomRight(channels) : depthwiseConv(channels));
        channels = (int) (STAGES[stage][1] * width);
        addActivated(definition, "conv_pw_" + number, conv(channels, 1, 1));
      }
    }
    return definition.pooledHead(outputs);
  }

  private static void addActivated(NetworkDefinition definition, String name, Block conv) {
    definition.add(name, conv).add(name + "_bn", batchNorm(EPSILON)).add(name + "_relu", relu6());
  }
}
