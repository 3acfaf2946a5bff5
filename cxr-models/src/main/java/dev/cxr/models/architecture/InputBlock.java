package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import java.util.List;

/** The first block of every network: (N, 1, H, W) in [0, 1] to (N, channels, H, W), normalized. */
final class InputBlock {

  private InputBlock() {}

  static Block of(InputSpec spec, MemoryFormat format) {
    return new LambdaBlock(
        list -> new NDList(apply(list.singletonOrThrow(), spec, format)), "input");
  }

  /**
   * With the channels in the last dimension, normalization broadcasts one gray channel to all, and
   * the transposed view of the result has PyTorch's channels-last format, which convolutions keep.
   * For one channel nothing is copied.
   */
  private static NDArray apply(NDArray gray, InputSpec spec, MemoryFormat format) {
    Shape shape = gray.getShape();
    NDArray pixels = gray.reshape(shape.get(0), shape.get(2), shape.get(3), 1);
    if (!spec.isIdentity()) {
      pixels =
          pixels
              .sub(gray.getManager().create(floats(spec.mean())))
              .div(gray.getManager().create(floats(spec.std())));
    }
    NDArray view = pixels.transpose(0, 3, 1, 2);
    return format == MemoryFormat.CHANNELS_LAST ? view : contiguous(gray, view, spec);
  }

  private static NDArray contiguous(NDArray gray, NDArray view, InputSpec spec) {
    return spec.isIdentity() ? gray : view.add(gray.zerosLike());
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }
}
