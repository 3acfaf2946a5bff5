package dev.cxr.data.dataset;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Record;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap for the pictures of a few batches, used again for those after them.
 *
 * <p>For an array made of a float[] DJL takes such memory anew and leaves it to the garbage
 * collector: it lies about in the engine's heap until then, and its next large array does not fit.
 */
final class BatchRoom {

  private final int pictures;
  private final int side;
  private final ByteBuffer memory;

  /** Room for so many pictures and their labels. */
  BatchRoom(int pictures, int side) {
    this.pictures = pictures;
    this.side = side;
    this.memory =
        ByteBuffer.allocateDirect(Math.multiplyExact(pictures, bytes()))
            .order(ByteOrder.nativeOrder());
  }

  private int bytes() {
    return Math.multiplyExact(side * side + 1, Float.BYTES);
  }

  /**
   * Puts in a picture and its label, in place of those of {@code position} less the number of
   * places; arrays of these must have been copied.
   */
  void put(int position, float[] pixels, int label) {
    picture(position).asFloatBuffer().put(pixels);
    label(position).putFloat(0, label);
  }

  /** What was put in, copied nowhere: (1, side, side) and () float32. */
  Record record(NDManager manager, int position) {
    return new Record(
        new NDList(manager.create(picture(position), new Shape(1, side, side), DataType.FLOAT32)),
        new NDList(manager.create(label(position), new Shape(), DataType.FLOAT32)));
  }

  private ByteBuffer picture(int position) {
    return slice(position, 0, side * side);
  }

  private ByteBuffer label(int position) {
    return slice(position, side * side, 1);
  }

  private ByteBuffer slice(int position, int from, int floats) {
    int start = position % pictures * bytes() + from * Float.BYTES;
    return memory.slice(start, floats * Float.BYTES).order(ByteOrder.nativeOrder());
  }
}
