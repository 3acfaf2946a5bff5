package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;

/**
 * A transposed convolution 3x3 / 2 without bias, which DJL's PyTorch engine lacks: zeros are
 * inserted between the pixels, then a convolution 3x3 'same' runs (Dumoulin and Visin 2016, section
 * 4.3). Its kernel is that of the transposed convolution turned by 180 degrees.
 */
final class TransposedConv {

  private TransposedConv() {}

  /**
   * From (N, C, h, h) with h = ceil(side / 2) to (N, filters, side, side).
   *
   * @param side width and height of the output, in pixels
   */
  static Block ofOutputSide(int side, int filters) {
    return new NamedSequentialBlock()
        .add(LambdaBlock.singleton(x -> interleaveZeros(x, side), "spread"))
        .add(Layers.conv(filters, 3, 1));
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
