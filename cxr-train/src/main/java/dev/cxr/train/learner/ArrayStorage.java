package dev.cxr.train.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Owns native arrays and moves them to and from files, as big-endian float32 in row order. */
final class ArrayStorage {

  private static final int CHUNK_BYTES = 1 << 16;

  private ArrayStorage() {}

  /** Makes an array live as long as its manager, whatever scope is open. */
  static NDArray ownedBy(NDManager manager, NDArray array) {
    NDScope.unregister(array);
    array.attach(manager);
    return array;
  }

  /** Writes in chunks: the process would keep the heap of a whole copy. */
  static void write(DataOutputStream out, NDArray array) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    int size = Math.toIntExact(array.size());
    try (NDManager scope = array.getManager().newSubManager()) {
      NDArray flat = array.stopGradient().flatten();
      flat.attach(scope);
      for (int done = 0; done < size; ) {
        int count = Math.min(size - done, CHUNK_BYTES / Float.BYTES);
        try (NDArray piece = flat.get(new NDIndex("{}:{}", done, done + count))) {
          chunk.asFloatBuffer().put(piece.toFloatArray());
        }
        out.write(chunk.array(), 0, count * Float.BYTES);
        done += count;
      }
    }
  }

  static NDArray read(DataInputStream in, NDManager manager, Shape shape) throws IOException {
    float[] numbers = new float[Math.toIntExact(shape.size())];
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (int done = 0; done < numbers.length; ) {
      int count = Math.min(numbers.length - done, CHUNK_BYTES / Float.BYTES);
      in.readFully(chunk.array(), 0, count * Float.BYTES);
      chunk.asFloatBuffer().get(numbers, done, count);
      done += count;
    }
    return ownedBy(manager, manager.create(numbers, shape));
  }
}
