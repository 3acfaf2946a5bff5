package dev.cxr.eval.prediction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.cxr.data.image.GrayImage;
import java.util.List;
import java.util.stream.IntStream;

/** A batch of model input as pictures again. */
final class Pictures {

  private Pictures() {}

  /**
   * The pictures of a batch.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1], gray values by 255
   */
  static List<GrayImage> of(NDArray batch) {
    Shape shape = batch.getShape();
    int side = (int) shape.get(2);
    float[] values = batch.toFloatArray();
    return IntStream.range(0, (int) shape.get(0))
        .parallel()
        .mapToObj(n -> picture(values, n * side * side, side))
        .toList();
  }

  private static GrayImage picture(float[] values, int from, int side) {
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] =
          (byte) (values[from + i] * 255 + 0.5f); // was a whole number before it was divided
    }
    return new GrayImage(side, side, pixels);
  }
}
