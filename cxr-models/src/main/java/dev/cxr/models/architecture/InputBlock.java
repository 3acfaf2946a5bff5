package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/** The first block of every network: (N, 1, H, W) in [0, 1] to (N, channels, H, W), normalized. */
final class InputBlock {

  private InputBlock() {}

  static Block of(InputSpec spec, MemoryFormat format) {
    return new LambdaBlock(
        list -> new NDList(apply(list.singletonOrThrow(), spec, format)), "input");
  }

  private static NDArray apply(NDArray gray, InputSpec spec, MemoryFormat format) {
    if (format == MemoryFormat.CHANNELS_LAST && gray instanceof PtNDArray) {
      return channelsLast(gray, spec);
    }
    return spec.isIdentity() ? gray : normalize(gray, spec, new Shape(spec.channels(), 1, 1));
  }

  /**
   * With the channels in the last dimension, the transposed view of the result has PyTorch's
   * channels-last format, which convolutions keep. For one channel nothing is copied.
   */
  private static NDArray channelsLast(NDArray gray, InputSpec spec) {
    Shape shape = gray.getShape();
    NDArray pixels = gray.reshape(shape.get(0), shape.get(2), shape.get(3), 1);
    NDArray normalized =
        spec.isIdentity() ? pixels : normalize(pixels, spec, new Shape(spec.channels()));
    return normalized.transpose(0, 3, 1, 2);
  }

  /** Broadcasts one gray channel to all. */
  private static NDArray normalize(NDArray pixels, InputSpec spec, Shape perChannel) {
    NDManager manager = pixels.getManager();
    return pixels
        .sub(manager.create(floats(spec.mean()), perChannel))
        .div(manager.create(floats(spec.std()), perChannel));
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }
}
