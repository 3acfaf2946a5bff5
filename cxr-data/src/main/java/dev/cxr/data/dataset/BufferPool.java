package dev.cxr.data.dataset;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Record;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory for the images of a few batches, reused by the batches after them.
 *
 * <p>For each array created from a float[] DJL allocates native memory that only the garbage
 * collector frees. Until then it fragments the engine's heap, and the next large array does not
 * fit.
 */
final class BufferPool {

  private final int capacity;
  private final int side;
  private final ByteBuffer memory;

  /** Allocates memory for {@code capacity} images and their labels. */
  BufferPool(int capacity, int side) {
    this.capacity = capacity;
    this.side = side;
    this.memory =
        ByteBuffer.allocateDirect(Math.multiplyExact(capacity, bytesPerImage()))
            .order(ByteOrder.nativeOrder());
  }

  int capacity() {
    return capacity;
  }

  private int bytesPerImage() {
    return Math.multiplyExact(side * side + 1, Float.BYTES);
  }

  /**
   * Stores an image and its label, overwriting those at {@code position - capacity}, whose arrays
   * must have been copied by then.
   */
  void put(int position, float[] pixels, int label) {
    slice(position, 0, side * side).asFloatBuffer().put(pixels);
    slice(position, side * side, 1).putFloat(0, label);
  }

  /** Views of the stored memory: (1, side, side) and () float32. */
  Record record(NDManager manager, int position) {
    return new Record(
        new NDList(
            manager.create(
                slice(position, 0, side * side), new Shape(1, side, side), DataType.FLOAT32)),
        new NDList(manager.create(slice(position, side * side, 1), new Shape(), DataType.FLOAT32)));
  }

  private ByteBuffer slice(int position, int firstFloat, int floats) {
    int start = position % capacity * bytesPerImage() + firstFloat * Float.BYTES;
    return memory.slice(start, floats * Float.BYTES).order(ByteOrder.nativeOrder());
  }
}
