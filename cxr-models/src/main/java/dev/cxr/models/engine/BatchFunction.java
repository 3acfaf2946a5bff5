package dev.cxr.models.engine;

import ai.djl.ndarray.NDArray;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.models.onnx.OnnxFunction;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** A function of a batch of images that either engine computes. Threads may share it. */
public final class BatchFunction implements AutoCloseable {

  private final UnaryOperator<NDArray> function;
  private final OnnxFunction onnx;
  private volatile boolean hasOnnxForm = true;

  /**
   * Creates a function; ONNX Runtime translates it when it first computes it.
   *
   * @param function from images (N, 1, side, side) float32 in [0, 1] to (N, values), in operations
   *     of DJL
   * @param side width and height of an image, in pixels
   */
  public BatchFunction(UnaryOperator<NDArray> function, int side) {
    this.function = function;
    this.onnx = new OnnxFunction(function, side, EngineDefaults.threads());
  }

  /**
   * {@return a row for each image, by ONNX Runtime if it shall and the function has an ONNX form,
   * else by PyTorch}
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]; its manager owns the intermediate arrays
   * @param usesOnnx whether ONNX Runtime shall compute
   */
  public float[][] apply(NDArray batch, boolean usesOnnx) {
    if (usesOnnx && hasOnnxForm) {
      try {
        return byOnnx(batch);
      } catch (UnsupportedOperationException e) {
        hasOnnxForm = false;
      }
    }
    return byPytorch(batch);
  }

  /**
   * {@return a row for each image}
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]
   * @throws UnsupportedOperationException if an operation has no ONNX form; its message names it
   */
  float[][] byOnnx(NDArray batch) {
    return onnx.apply(batch.toByteBuffer().asFloatBuffer());
  }

  /**
   * {@return a row for each image}
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]; its manager owns the intermediate arrays
   */
  public float[][] byPytorch(NDArray batch) {
    return rows(function.apply(batch));
  }

  /**
   * {@return the rows of an array}
   *
   * @param array (N, values)
   */
  public static float[][] rows(NDArray array) {
    int width = (int) array.getShape().get(1);
    float[] values = array.toFloatArray();
    float[][] rows = new float[values.length / width][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }
    return rows;
  }

  /** Frees what ONNX Runtime has loaded. */
  @Override
  public void close() {
    onnx.close();
  }
}
