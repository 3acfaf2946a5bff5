package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
    return channels(pixels, spec).transpose(0, 3, 1, 2);
  }

  /** Equal channels are computed once. */
  private static NDArray channels(NDArray pixels, InputSpec spec) {
    if (spec.isIdentity()) {
      return pixels;
    }
    boolean areEqual =
        Stream.of(spec.mean(), spec.std()).allMatch(values -> Set.copyOf(values).size() == 1);
    return areEqual
        ? pixels
            .sub(spec.mean().get(0).floatValue())
            .div(spec.std().get(0).floatValue())
            .tile(new long[] {1, 1, 1, spec.channels()})
        : normalize(pixels, spec, new Shape(spec.channels()));
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
