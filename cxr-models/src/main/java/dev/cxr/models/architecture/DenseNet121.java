package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.averagePool;
import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.identity;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.relu;

import ai.djl.nn.Block;

/**
 * DenseNet-121 (Huang et al. 2016, table 1), growth 32: each dense layer appends 32 channels to its
 * input.
 *
 * <pre>
 * (N, 3, 224, 224)
 * conv 7x7 / 2, 64, BatchNorm, ReLU; max pool 3x3 / 2             (N, 64, 56, 56)
 * denseblock1    6 dense layers, transition to half of each       (N, 128, 28, 28)
 * denseblock2   12 dense layers, transition                       (N, 256, 14, 14)
 * denseblock3   24 dense layers, transition                       (N, 512, 7, 7)
 * denseblock4   16 dense layers, BatchNorm, ReLU                  (N, 1024, 7, 7)
 * global average pooling, dropout .3                              (N, 1024)
 * dense                                                           (N, outputs)
 * </pre>
 *
 * <p>6,953,856 trainable parameters and 1,025 per output in the head. Names are torchvision's.
 */
final class DenseNet121 {

  private static final int[] LAYERS = {6, 12, 24, 16};
  private static final int GROWTH = 32;
  private static final int BOTTLENECK = 4 * GROWTH;

  private DenseNet121() {}

  static NetworkDefinition define(int outputs) {
    int channels = 2 * GROWTH;
    NetworkDefinition definition =
        new NetworkDefinition()
            .stage("stem")
            .add("features.conv0", conv(channels, 7, 2))
            .add("features.norm0", batchNorm())
            .add("features.relu0", relu())
            .add("features.pool0", maxPool(3, 2, 1));
    for (int block = 1; block <= LAYERS.length; block++) {
      String name = "denseblock" + block;
      definition.stage(name);
      for (int layer = 1; layer <= LAYERS[block - 1]; layer++) {
        definition.add("features." + name + ".denselayer" + layer, denseLayer());
        channels += GROWTH;
      }
      if (block < LAYERS.length) {
        channels /= 2;
        definition.add("features.transition" + block, transition(channels));
      }
    }
    return definition
        .add("features.norm5", batchNorm())
        .add("features.relu5", relu())
        .pooledHead(outputs);
  }

  private static Block denseLayer() {
    return MergeBlock.concatenation(
        identity(),
        new NamedSequentialBlock()
            .add("norm1", batchNorm())
            .add(relu())
            .add("conv1", conv(BOTTLENECK, 1, 1))
            .add("norm2", batchNorm())
            .add(relu())
            .add("conv2", conv(GROWTH, 3, 1)));
  }

  private static Block transition(int channels) {
    return new NamedSequentialBlock()
        .add("norm", batchNorm())
        .add(relu())
        .add("conv", conv(channels, 1, 1))
        .add(averagePool(2, 2, 0));
  }
}
