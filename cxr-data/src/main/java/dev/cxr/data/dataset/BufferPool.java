package dev.cxr.data.dataset;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Record;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap for the images of a few batches, used again for those after them.
 *
 * <p>For an array made of a float[] DJL takes such memory anew and leaves it to the garbage
 * collector: it lies about in the engine's heap until then, and its next large array does not fit.
 */
final class BufferPool {

  private final int capacity;
  private final int side;
  private final ByteBuffer memory;

  /** Room for so many images and their labels. */
  BufferPool(int capacity, int side) {
    this.capacity = capacity;
    this.side = side;
    this.memory =
        ByteBuffer.allocateDirect(Math.multiplyExact(capacity, bytesPerImage()))
            .order(ByteOrder.nativeOrder());
  }

  private int bytesPerImage() {
    return Math.multiplyExact(side * side + 1, Float.BYTES);
  }

  /**
   * Puts in an image and its label, in place of those of {@code position} less the number of
   * places; arrays of these must have been copied.
   */
  void put(int position, float[] pixels, int label) {
    imageSlice(position).asFloatBuffer().put(pixels);
    labelSlice(position).putFloat(0, label);
  }

  /** What was put in, copied nowhere: (1, side, side) and () float32. */
  Record record(NDManager manager, int position) {
    return new Record(
        new NDList(
            manager.create(imageSlice(position), new Shape(1, side, side), DataType.FLOAT32)),
        new NDList(manager.create(labelSlice(position), new Shape(), DataType.FLOAT32)));
  }

  private ByteBuffer imageSlice(int position) {
    return slice(position, 0, side * side);
  }

  private ByteBuffer labelSlice(int position) {
    return slice(position, side * side, 1);
  }

  private ByteBuffer slice(int position, int firstFloat, int floats) {
    int start = position % capacity * bytesPerImage() + firstFloat * Float.BYTES;
    return memory.slice(start, floats * Float.BYTES).order(ByteOrder.nativeOrder());
  }
}
