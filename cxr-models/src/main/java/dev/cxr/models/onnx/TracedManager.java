package dev.cxr.models.onnx;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The manager of {@link TracedArray}s. The graph owns their values: nothing is attached or freed.
 *
 * <p>The public methods are those of {@link NDManager} that it supports.
 */
final class TracedManager {

  private final OnnxGraph graph;
  private final NDManager proxy = (NDManager) PartialProxy.create(this, NDManager.class);

  TracedManager(OnnxGraph graph) {
    this.graph = graph;
  }

  OnnxGraph graph() {
    return graph;
  }

  NDManager proxy() {
    return proxy;
  }

  public NDManager newSubManager() {
    return proxy;
  }

  public NDManager getParentManager() {
    return proxy;
  }

  public Device getDevice() {
    return Device.cpu();
  }

  /** Does nothing. */
  public void tempAttachAll(NDResource... resources) {}

  /** Does nothing. */
  public void close() {}

  public NDArray create(float[] elements) {
    return create(elements, new Shape(elements.length));
  }

  public NDArray create(float[] elements, Shape shape) {
    return TracedArray.ofValue(this, shape, graph.constant(elements, shape));
  }

  public NDArray zeros(Shape shape) {
    return TracedArray.zeros(this, shape);
  }

  public NDArray zeros(Shape shape, DataType type) {
    if (type != DataType.FLOAT32) {
      throw new UnsupportedOperationException("the data type " + type);
    }
    return zeros(shape);
  }
}
