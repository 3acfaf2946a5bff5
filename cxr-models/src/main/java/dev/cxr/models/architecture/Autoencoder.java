package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.maxPoolSame;
import static dev.cxr.models.architecture.Layers.relu;
import static dev.cxr.models.architecture.Layers.sigmoid;

/**
 * A convolutional autoencoder, whose error is large on images unlike those of training.
 *
 * <pre>
 * (N, 1, 224, 224)
 * encoder   4 x [conv 3x3 'same', BatchNorm, ReLU, max pool 2x2 'same']      32, 64, 128, 256
 * (N, 256, 14, 14), the latent feature map
 * decoder   4 x [transposed conv 3x3 / 2, BatchNorm, ReLU]                   256, 128, 64, 32
 *           conv 3x3 'same' with bias, sigmoid
 * (N, 1, 224, 224) in [0, 1]
 * </pre>
 *
 * <p>1,366,465 trainable parameters at every side; an odd side is rounded up by the encoder and
 * restored by the decoder.
 */
final class Autoencoder {

  private static final int[] WIDTHS = {32, 64, 128, 256};

  private Autoencoder() {}

  static NetworkDefinition define(int side) {
    NetworkDefinition definition = new NetworkDefinition();
    int[] sides = new int[WIDTHS.length];
    int current = side;
    for (int i = 0; i < WIDTHS.length; i++) {
      int stage = i + 1;
      definition.stage("encoder" + stage);
      definition
          .add("conv" + stage, conv(WIDTHS[i], 3, 1))
          .add("bn" + stage, batchNorm())
          .add("relu" + stage, relu())
          .add("pool" + stage, maxPoolSame());
      sides[i] = current;
      current = (current + 1) / 2;
    }
    definition.stage("decoder");
    for (int i = WIDTHS.length - 1; i >= 0; i--) {
      int stage = i + 1;
      definition
          .add("transposed" + stage, TransposedConv.ofOutputSide(sides[i], WIDTHS[i]))
          .add("transposed" + stage + "_bn", batchNorm())
          .add("transposed" + stage + "_relu", relu());
    }
    return definition.add("reconstruction", biasedConv(1)).add("sigmoid", sigmoid());
  }
}
