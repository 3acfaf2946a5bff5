package dev.cxr.common.runtime;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/**
 * Thousands of small free pieces of glibc's heap, so that what is small stays out of the holes that
 * the engine's buffers leave: a process that learns then needs about a third less memory, and no
 * more after hours than in its first minute.
 *
 * <p>The engine asks for every buffer with {@code posix_memalign}, which takes up to a hundred
 * bytes more and gives this rest back. Once something small has settled in the rest, the hole that
 * the buffer leaves is too small for the next buffer of the same size, and the process grows by all
 * of it. Small requests take the oldest free piece of their size: with many of these at hand, a
 * rest has joined its buffer again long before its turn. What the virtual machine's compiler takes
 * for a moment is larger, and goes to the smallest free piece that holds it: there are such pieces
 * too.
 */
public final class MallocPrefill {

  /**
   * How many of each size up to a hundred and sixty bytes, which a step of learning asks for by the
   * thousand: a rest has to outlast a few steps.
   */
  private static final int PIECES_PER_TINY_SIZE = 20_000;

  private static final int SMALLEST_SIZE = 24; // glibc's sizes are 16 bytes apart
  private static final int LARGEST_TINY_SIZE = 168; // more than a rest

  private static final double SIZE_FACTOR = 1.25; // from one size to the next above those
  private static final int BYTES_PER_SIZE = 4 << 20; // of each

  /** The virtual machine's compiler takes so much at once, beside hundreds of pieces of 32 KiB. */
  private static final int LARGEST_SIZE = 2 << 20;

  private static boolean filled;

  private MallocPrefill() {}

  /**
   * Fills them, once in a process and where the {@link AllocatorSettings} are in force. The engine
   * must have started and the network be made, for these take all that is small and free. Small
   * ones that stay keep the pieces apart. All take 200 MB, at once and not as they are used, like
   * Java's heap.
   */
  public static synchronized void fill() {
    if (filled || !AllocatorSettings.areActive()) {
      return;
    }
    filled = true;
    List<Long> pieces = new ArrayList<>();
    for (int i = 0; i < PIECES_PER_TINY_SIZE; i++) {
      for (int size = SMALLEST_SIZE; size <= LARGEST_TINY_SIZE; size += 16) {
        pieces.add(allocatePiece(size));
      }
    }
    for (double size = LARGEST_TINY_SIZE * SIZE_FACTOR; size <= LARGEST_SIZE; size *= SIZE_FACTOR) {
      for (int bytes = 0; bytes < BYTES_PER_SIZE; bytes += (int) size) {
        pieces.add(allocatePiece((int) size));
      }
    }
    pieces.forEach(Native::free);
  }

  private static long allocatePiece(int size) {
    long piece = Native.malloc(size);
    new Pointer(piece).setMemory(0, size, (byte) 0); // has the system give it
    Native.malloc(Math.min(size, LARGEST_TINY_SIZE)); // stays between this piece and the next
    return piece;
  }
}
