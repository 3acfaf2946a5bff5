package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.maxPool;
import static dev.cxr.models.architecture.Layers.relu;

/**
 * The convolutions of VGG-16 (Simonyan and Zisserman 2014, configuration D) without BatchNorm.
 *
 * <pre>
 * (N, 3, 224, 224)
 * block1   2 x [conv 3x3 'same' with bias, 64, ReLU], max pool 2x2     (N, 64, 112, 112)
 * block2   2 x 128                                                     (N, 128, 56, 56)
 * block3   3 x 256                                                     (N, 256, 28, 28)
 * block4   3 x 512                                                     (N, 512, 14, 14)
 * block5   3 x 512                                                     (N, 512, 7, 7)
 * global average pooling, dropout .3                                   (N, 512)
 * dense                                                                (N, outputs)
 * </pre>
 *
 * <p>14,714,688 trainable parameters and 513 per output in the head. The paper's three dense
 * layers, 124 M parameters, are omitted. Names are torchvision's.
 */
final class Vgg16 {

  private static final int[][] WIDTHS = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };

  private Vgg16() {}

  static NetworkDefinition define(int outputs) {
    NetworkDefinition definition = new NetworkDefinition();
    int number = 0;
    for (int block = 0; block < WIDTHS.length; block++) {
      definition.stage("block" + (block + 1));
      for (int width : WIDTHS[block]) {
        definition.add("features." + number++, biasedConv(width, 3, 1));
        definition.add("features." + number++, relu());
      }
      definition.add("features." + number++, maxPool(2, 2, 0));
    }
    return definition.pooledHead(outputs);
  }
}
