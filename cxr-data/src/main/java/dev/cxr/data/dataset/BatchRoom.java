package dev.cxr.data.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap for the pictures of one batch, used again for the next.
 *
 * <p>For an array made of a float[] DJL takes such memory anew and leaves it to the garbage
 * collector: it lies about in the engine's heap until then, and its next large array does not fit.
 */
final class BatchRoom {

  private final int pictures;
  private final int side;
  private final ByteBuffer memory;
  private int next;

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

  /** Goes on to the next place; what was made there a batch ago must have been copied. */
  void advance() {
    next = (next + 1) % pictures;
  }

  /** A picture at the place of now: (1, side, side) float32. */
  NDArray picture(NDManager manager, float[] pixels) {
    ByteBuffer place = slice(0, side * side);
    place.asFloatBuffer().put(pixels);
    return manager.create(place, new Shape(1, side, side), DataType.FLOAT32);
  }

  /** Its label: () float32. */
  NDArray label(NDManager manager, int label) {
    ByteBuffer place = slice(side * side, 1);
    place.putFloat(0, label);
    return manager.create(place, new Shape(), DataType.FLOAT32);
  }

  private ByteBuffer slice(int from, int floats) {
    return memory
        .slice(next * bytes() + from * Float.BYTES, floats * Float.BYTES)
        .order(ByteOrder.nativeOrder());
  }
}
