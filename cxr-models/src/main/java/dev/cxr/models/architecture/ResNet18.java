package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.identity;
import static dev.cxr.models.architecture.Layers.relu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import java.util.List;

/**
 * The ResNet-18 of DJL's model zoo ({@code ResNetV1}), of the same parameters in the same files.
 *
 * <p>It has the eight residual units of He et al. 2015, but as bottlenecks instead of pairs of 3x3
 * convolutions: 0.9 M parameters instead of 11.2 M. For inputs of up to 32 pixels the stem is one
 * 3x3 convolution.
 *
 * <pre>
 * (N, 1, 224, 224)
 * conv 7x7 / 2, 64, BatchNorm, ReLU; max pool 3x3 / 2             (N, 64, 56, 56)
 * stage1   2 x bottleneck 16 to 64                                 (N, 64, 56, 56)
 * stage2   2 x bottleneck 32 to 128, the first / 2                 (N, 128, 28, 28)
 * stage3   2 x bottleneck 64 to 256, the first / 2                 (N, 256, 14, 14)
 * stage4   2 x bottleneck 128 to 512, the first / 2                (N, 512, 7, 7)
 * global average pooling                                           (N, 512)
 * dense                                                            (N, outputs)
 * </pre>
 *
 * <p>886,817 trainable parameters with one output.
 */
final class ResNet18 {

  private static final int SMALL_SIDE = 32;
  private static final int STEM_CHANNELS = 64;
  private static final int EXPANSION = 4;
  private static final int[] STAGE_CHANNELS = {64, 128, 256, 512};

  /** Of the stem and of the 3x3 convolutions. */
  private static final float EPSILON = 2e-5f;

  private ResNet18() {}

  static NetworkDefinition define(InputSpec input, int outputs) {
    NetworkDefinition definition = new NetworkDefinition().stage("stem");
    if (input.side() <= SMALL_SIDE) {
      definition.add("conv1", conv(STEM_CHANNELS, 3, 1));
    } else {
      definition
          .add("conv1", conv(STEM_CHANNELS, 7, 2))
          .add("bn1", batchNorm(EPSILON))
          .add("relu1", relu())
          .add("pool1", Layers.maxPool(3, 2, 1));
    }
    for (int i = 0; i < STAGE_CHANNELS.length; i++) {
      int channels = STAGE_CHANNELS[i];
      int stride = i == 0 ? 1 : 2;
      String stage = "stage" + (i + 1);
      definition
          .stage(stage)
          .add(stage + ".0", bottleneck(channels, stride, projection(channels, stride)))
          .add(stage + ".1", bottleneck(channels, 1, new NamedSequentialBlock().add(identity())));
    }
    return definition
        .stage("head")
        .add("avgpool", Layers.globalAveragePool())
        .add("flatten", Layers.flatten())
        .add("logits", Layers.dense(outputs));
  }

  /** A {@link ParallelBlock}, as in the model zoo, because parameter files record the blocks. */
  private static Block bottleneck(int channels, int stride, Block shortcut) {
    int width = channels / EXPANSION;
    Block main =
        new NamedSequentialBlock()
            .add("conv1", biasedConv(width, 1, stride))
            .add("bn1", batchNorm())
            .add(relu())
            .add("conv2", conv(width, 3, 1))
            .add("bn2", batchNorm(EPSILON))
            .add(relu())
            .add("conv3", biasedConv(channels, 1, 1))
            .add("bn3", batchNorm());
    return new ParallelBlock(ResNet18::rectifiedSum, List.of(main, shortcut));
  }

  private static Block projection(int channels, int stride) {
    return NamedSequentialBlock.ofNumberedLayers(List.of(conv(channels, 1, stride), batchNorm()));
  }

  private static NDList rectifiedSum(List<NDList> branches) {
    NDArray main = branches.get(0).singletonOrThrow();
    NDArray shortcut = branches.get(1).singletonOrThrow();
    return new NDList(Layers.reluInPlace(main.add(shortcut)));
  }
}
