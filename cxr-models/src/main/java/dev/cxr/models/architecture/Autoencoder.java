package dev.cxr.models.architecture;

import static dev.cxr.models.architecture.Layers.batchNorm;
import static dev.cxr.models.architecture.Layers.biasedConv;
import static dev.cxr.models.architecture.Layers.conv;
import static dev.cxr.models.architecture.Layers.maxPoolSame;
import static dev.cxr.models.architecture.Layers.relu;
import static dev.cxr.models.architecture.Layers.sigmoid;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;

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
          .add("transposed" + stage, transposedConv(sides[i], WIDTHS[i]))
          .add("transposed" + stage + "_bn", batchNorm())
          .add("transposed" + stage + "_relu", relu());
    }
    return definition.add("reconstruction", biasedConv(1, 3, 1)).add("sigmoid", sigmoid());
  }

  /**
   * A transposed convolution 3x3 / 2 without bias, which DJL's PyTorch engine lacks: zeros are
   * inserted between the pixels, then a convolution 3x3 'same' runs (Dumoulin and Visin 2016,
   * section 4.3). Its kernel is that of the transposed convolution turned by 180 degrees.
   *
   * <p>From (N, C, h, h) with h = ceil(side / 2) to (N, filters, side, side).
   *
   * @param side width and height of the output, in pixels
   */
  static Block transposedConv(int side, int filters) {
    return new NamedSequentialBlock()
        .add(LambdaBlock.singleton(x -> interleaveZeros(x, side), "spread"))
        .add(conv(filters, 3, 1));
  }

  /** Pixels at even positions, zeros at odd ones; stays in the channels-last format. */
  private static NDArray interleaveZeros(NDArray x, int side) {
    Shape shape = x.getShape();
    long n = shape.get(0);
    long channels = shape.get(1);
    long height = shape.get(2);
    long width = shape.get(3);
    NDArray pixels = x.transpose(0, 2, 3, 1).reshape(n, height, 1, width, 1, channels);
    NDArray columns = pixels.concat(pixels.zerosLike(), 4);
    NDArray rows = columns.concat(columns.zerosLike(), 2);
    return rows.reshape(n, 2 * height, 2 * width, channels)
        .get(":, :" + side + ", :" + side)
        .transpose(0, 3, 1, 2);
  }
}
