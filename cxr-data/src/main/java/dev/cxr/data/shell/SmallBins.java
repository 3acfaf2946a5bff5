package dev.cxr.data.shell;

import com.sun.jna.Native;
import java.util.Arrays;

/**
 * Thousands of small free pieces of glibc's heap, so that what is small stays out of the holes that
 * the engine's buffers leave: a process that learns then needs about a third less memory, and no
 * more after hours than in its first minute.
 *
 * <p>The engine asks for every buffer with {@code posix_memalign}, which takes up to a hundred
 * bytes more and gives this rest back. Once something small has settled in the rest, the hole that
 * the buffer leaves is too small for the next buffer of the same size, and the process grows by all
 * of it. Small requests take the oldest free piece of their size: with many of these at hand, a
 * rest has joined its buffer again long before its turn.
 */
final class SmallBins {

  /** Of each size. A step of learning asks for a few hundred, and a rest lasts for one step. */
  private static final int PIECES = 20_000;

  private static final int SMALLEST = 24; // bytes; glibc's sizes are 16 apart
  private static final int LARGEST = 168; // more than a rest, and than most of the engine's objects

  private SmallBins() {}

  /**
   * Fills them; call it once in a process that has the {@link AllocatorSettings}. The pieces are
   * kept apart by as many others, which stay: 40 MB in all.
   */
  static void fill() {
    long[] pieces = new long[PIECES * ((LARGEST - SMALLEST) / 16 + 1)];
    int count = 0;
    for (int i = 0; i < PIECES; i++) {
      for (int size = SMALLEST; size <= LARGEST; size += 16) {
        pieces[count++] = Native.malloc(size);
        Native.malloc(size);
      }
    }
    Arrays.stream(pieces).forEach(Native::free);
  }
}
