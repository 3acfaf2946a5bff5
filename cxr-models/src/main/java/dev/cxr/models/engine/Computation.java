package dev.cxr.models.engine;

/**
 * How probabilities are computed.
 *
 * @param engine PyTorch or ONNX Runtime
 * @param precision of the network
 * @since 0.3
 */
public record Computation(InferenceEngine engine, Precision precision) {

  /** {@return a description such as {@code ONNX Runtime with float32}} */
  @Override
  public String toString() {
    return "%s with %s".formatted(engine.title(), precision);
  }
}
