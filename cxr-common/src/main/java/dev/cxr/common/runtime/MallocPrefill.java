package dev.cxr.common.runtime;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the free lists of glibc with thousands of small chunks, so that small allocations stay out
 * of the gaps that the buffers of the engine leave. A training process then needs about a third
 * less memory, and its memory use does not grow over hours.
 *
 * <p>The engine allocates buffers with {@code posix_memalign}, which allocates up to a hundred
 * bytes more and frees the remainder. If a small allocation takes the remainder, the gap left by
 * the buffer is too small for the next buffer of the same size, and the process grows by a whole
 * buffer. glibc serves small requests from the oldest free chunk of their size: with many of these
 * a remainder merges with its buffer long before it is used. The JIT compiler allocates larger
 * chunks for short times, from the smallest free chunk that fits: these sizes are filled too.
 */
public final class MallocPrefill {

  /**
   * The chunks of each small size. A training step allocates thousands of them, and a remainder has
   * to survive a few steps.
   */
  private static final int CHUNKS_PER_TINY_SIZE = 20_000;

  private static final int SMALLEST_SIZE = 24; // chunk sizes are multiples of 16 bytes
  private static final int LARGEST_TINY_SIZE = 168; // more than a remainder

  private static final double SIZE_FACTOR = 1.25; // between larger sizes
  private static final int BYTES_PER_SIZE = 4 << 20; // of each larger size

  /** The largest allocation of the JIT compiler, beside hundreds of 32 KiB. */
  private static final int LARGEST_SIZE = 2 << 20;

  private static boolean filled;

  private MallocPrefill() {}

  /**
   * Fills the free lists once per process, if all {@link AllocatorSettings} are active and memory
   * is not {@linkplain MemoryLimit#isScarce() scarce}. Call it when the engine has started and the
   * network exists, since both use up small free chunks. Small chunks that stay allocated keep the
   * free ones from merging. In total 200 MB are allocated.
   */
  public static synchronized void fill() {
    if (filled || !AllocatorSettings.areActive() || MemoryLimit.current().isScarce()) {
      return;
    }
    filled = true;
    List<Long> chunks = new ArrayList<>();
    for (int i = 0; i < CHUNKS_PER_TINY_SIZE; i++) {
      for (int size = SMALLEST_SIZE; size <= LARGEST_TINY_SIZE; size += 16) {
        chunks.add(allocateChunk(size));
      }
    }
    for (double size = LARGEST_TINY_SIZE * SIZE_FACTOR; size <= LARGEST_SIZE; size *= SIZE_FACTOR) {
      for (int bytes = 0; bytes < BYTES_PER_SIZE; bytes += (int) size) {
        chunks.add(allocateChunk((int) size));
      }
    }
    chunks.forEach(Native::free);
  }

  private static long allocateChunk(int size) {
    long chunk = Native.malloc(size);
    new Pointer(chunk).setMemory(0, size, (byte) 0); // makes the system provide the pages
    Native.malloc(
        Math.min(size, LARGEST_TINY_SIZE)); // stays allocated between this chunk and the next
    return chunk;
  }
}
