package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.identity;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.relu;

import ai.djl.nn.Block;
import java.util.List;

/**
 * ResNet-50 (He et al. 2015, table 1), with the stride in the 3x3 convolution as in torchvision.
 *
 * <pre>
 * (N, 3, 224, 224)
 * conv 7x7 / 2, 64, BatchNorm, ReLU; max pool 3x3 / 2             (N, 64, 56, 56)
 * layer1   3 x bottleneck 64 to 256                                (N, 256, 56, 56)
 * layer2   4 x bottleneck 128 to 512, the first / 2                (N, 512, 28, 28)
 * layer3   6 x bottleneck 256 to 1024, the first / 2               (N, 1024, 14, 14)
 * layer4   3 x bottleneck 512 to 2048, the first / 2               (N, 2048, 7, 7)
 * global average pooling, dropout .3                               (N, 2048)
 * dense                                                            (N, outputs)
 * </pre>
 *
 * <p>23,508,032 trainable parameters and 2,049 per output in the head. Names are torchvision's.
 */
final class ResNet50 {

  private static final int EXPANSION = 4;

  private ResNet50() {}

  static NetworkDefinition define(int outputs) {
    NetworkDefinition definition =
        new NetworkDefinition()
            .stage("stem")
            .add("conv1", conv(64, 7, 2))
            .add("bn1", batchNorm())
            .add("relu", relu())
            .add("maxpool", maxPool(3, 2, 1));
    addLayer(definition, "layer1", 3, 64, 1);
    addLayer(definition, "layer2", 4, 128, 2);
    addLayer(definition, "layer3", 6, 256, 2);
    addLayer(definition, "layer4", 3, 512, 2);
    return definition.pooledHead(outputs);
  }

  private static void addLayer(
      NetworkDefinition definition, String name, int units, int width, int stride) {
    definition.stage(name).add(name + ".0", bottleneck(width, stride, downsample(width, stride)));
    for (int unit = 1; unit < units; unit++) {
      definition.add(name + "." + unit, bottleneck(width, 1, identity()));
    }
  }

  private static Block bottleneck(int width, int stride, Block shortcut) {
    Block main =
        new NamedSequentialBlock()
            .add("conv1", conv(width, 1, 1))
            .add("bn1", batchNorm())
            .add(relu())
            .add("conv2", conv(width, 3, stride))
            .add("bn2", batchNorm())
            .add(relu())
            .add("conv3", conv(width * EXPANSION, 1, 1))
            .add("bn3", batchNorm());
    return new NamedSequentialBlock().add(MergeBlock.sum(main, shortcut)).add(relu());
  }

  private static Block downsample(int width, int stride) {
    return new NamedSequentialBlock()
        .add(
            "downsample",
            NamedSequentialBlock.ofNumberedLayers(
                List.of(conv(width * EXPANSION, 1, stride), batchNorm())));
  }
}
