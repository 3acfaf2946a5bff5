package dev.cxr.models.summary;

import ai.djl.ndarray.types.Shape;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.Operation;
import dev.cxr.models.architecture.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates the memory of a process that trains or runs a network on the CPU, from the sizes of
 * parameters and feature maps.
 *
 * <p>The factors are fitted to peaks that were measured with nine architectures at batches of 8 and
 * 32, and are right to about a fifth.
 *
 * @param parameters bytes of all parameters
 * @param retained bytes of the feature maps of one image that the backward pass needs
 * @param largest bytes of the largest input and output of an operation, for one image
 */
public record MemoryEstimate(long parameters, long retained, long largest) {

  /** JVM, heap and the engine's own code and data. */
  private static final long TRAINING_BASE = 480L << 20;

  private static final long INFERENCE_BASE = 280L << 20;

  /** Weights, gradients, two moments of Adam, and copies for averages and the best epoch. */
  private static final double TRAINING_COPIES = 5.5;

  private static final double INFERENCE_COPIES = 2.5;
  private static final double GRADIENT_SHARE = 1.2;

  /** Input and output of an operation, and what the engine rearranges for it. */
  private static final double WORKSPACE_SHARE = 2;

  /**
   * {@return the estimate of a network}
   *
   * @param network initialized
   * @param side of its input, in pixels
   */
  public static MemoryEstimate of(Network network, int side) {
    List<Operation> operations = new ArrayList<>();
    Shape shape = new Shape(1, 1, side, side);
    long parameters = 0;
    for (Stage stage : network.stages()) {
      for (String layer : stage.layers()) {
        operations.addAll(Operation.of(network.layer(layer), shape));
        shape = operations.get(operations.size() - 1).output();
      }
    }
    long retained = 0;
    long largest = 0;
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      long size = operation.output().size();
      long inputSize = i == 0 ? 0 : operations.get(i - 1).output().size();
      boolean isRetained =
          i + 1 == operations.size()
              || operation.needsOutputBackward()
              || operations.get(i + 1).needsInputBackward();
      parameters += operation.parameters();
      retained += isRetained ? size : 0;
      largest = Math.max(largest, size + inputSize);
    }
    return new MemoryEstimate(
        Float.BYTES * parameters, Float.BYTES * retained, Float.BYTES * largest);
  }

  /**
   * {@return the bytes of a process that trains}
   *
   * @param batchSize images per step
   */
  public long training(int batchSize) {
    return TRAINING_BASE
        + (long) (TRAINING_COPIES * parameters + batchSize * (retained + GRADIENT_SHARE * largest));
  }

  /**
   * {@return the bytes of a process that predicts}
   *
   * @param batchSize images per forward pass
   */
  public long inference(int batchSize) {
    return INFERENCE_BASE
        + (long) (INFERENCE_COPIES * parameters + WORKSPACE_SHARE * batchSize * largest);
  }
}
