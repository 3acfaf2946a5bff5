package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.depthwiseConv;
import static dev.cxr.models.architecture.Layers.identity;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.relu;
import static dev.cxr.models.architecture.Layers.reluOfShared;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * Xception (Chollet 2016, figure 5), as in its PyTorch port, timm's legacy_xception.
 *
 * <pre>
 * (N, 3, 299, 299)
 * entry    conv 3x3 / 2, 32; conv 3x3, 64, neither padded          (N, 64, 147, 147)
 *          3 x [2 separable convs, max pool / 2] + conv 1x1 / 2    (N, 728, 19, 19)
 * middle   8 x [3 separable convs] + identity                      (N, 728, 19, 19)
 * exit     [2 separable convs, max pool / 2] + conv 1x1 / 2        (N, 1024, 10, 10)
 *          2 separable convs, 1536 and 2048                        (N, 2048, 10, 10)
 * global average pooling, dropout .3                               (N, 2048)
 * dense                                                            (N, outputs)
 * </pre>
 *
 * <p>20,806,952 trainable parameters and 2,049 per output in the head.
 */
final class Xception {

  private static final int MIDDLE = 728;
  private static final int MIDDLE_UNITS = 8;

  private Xception() {}

  static NetworkDefinition define(int outputs) {
    NetworkDefinition definition =
        new NetworkDefinition()
            .stage("entry")
            .add("conv1", conv(32, 3, 2, 0))
            .add("bn1", batchNorm())
            .add("relu1", relu())
            .add("conv2", conv(64, 3, 1, 0))
            .add("bn2", batchNorm())
            .add("relu2", relu())
            .add("block1", downsamplingUnit(withoutFirst(separableConvs(64, 128, 128)), 128))
            .add("block2", downsamplingUnit(separableConvs(128, 256, 256), 256))
            .add("block3", downsamplingUnit(separableConvs(256, MIDDLE, MIDDLE), MIDDLE))
            .stage("middle");
    int number = 4;
    for (int unit = 0; unit < MIDDLE_UNITS; unit++) {
      List<Block> layers = separableConvs(MIDDLE, MIDDLE, MIDDLE, MIDDLE);
      definition.add("block" + number++, MergeBlock.sum(repBlock(layers), identity()));
    }
    return definition
        .stage("exit")
        .add("block" + number, downsamplingUnit(separableConvs(MIDDLE, MIDDLE, 1024), 1024))
        .add("conv3", separableConv(1024, 1536))
        .add("bn3", batchNorm())
        .add("relu3", relu())
        .add("conv4", separableConv(1536, 2048))
        .add("bn4", batchNorm())
        .add("relu4", relu())
        .pooledHead(outputs);
  }

  /** ReLU, separable convolution and BatchNorm for each step in the number of channels. */
  private static List<Block> separableConvs(int... channels) {
    List<Block> layers = new ArrayList<>();
    for (int i = 1; i < channels.length; i++) {
      Block relu = i == 1 ? reluOfShared() : relu(); // the shortcut reads the input too
      layers.addAll(List.of(relu, separableConv(channels[i - 1], channels[i]), batchNorm()));
    }
    return layers;
  }

  private static List<Block> withoutFirst(List<Block> layers) {
    return layers.subList(1, layers.size());
  }

  /** Halves the size by a max pool in the branch and a stride in the shortcut. */
  private static Block downsamplingUnit(List<Block> layers, int filters) {
    List<Block> pooled = new ArrayList<>(layers);
    pooled.add(maxPool(3, 2, 1));
    Block skip =
        new NamedSequentialBlock().add("skip", conv(filters, 1, 2)).add("skipbn", batchNorm());
    return MergeBlock.sum(repBlock(pooled), skip);
  }

  private static Block repBlock(List<Block> layers) {
    return new NamedSequentialBlock().add("rep", NamedSequentialBlock.ofNumberedLayers(layers));
  }

  private static Block separableConv(int channels, int filters) {
    return new NamedSequentialBlock()
        .add("conv1", depthwiseConv(channels))
        .add("pointwise", conv(filters, 1, 1));
  }
}
