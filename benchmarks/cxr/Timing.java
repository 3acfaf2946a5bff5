package dev.cxr.benchmarks;

/** Durations of repeated work. */
final class Timing {

  private Timing() {}

  /** {@return the mean over at least this duration, after a quarter of it to warm up} */
  static double secondsPerCall(Runnable work, double minSeconds) {
    repeat(work, minSeconds / 4);
    return repeat(work, minSeconds);
  }

  private static double repeat(Runnable work, double minSeconds) {
    long started = System.nanoTime();
    int calls = 0;
    double elapsed = 0;
    while (calls == 0 || elapsed < minSeconds) {
      work.run();
      calls++;
      elapsed = (System.nanoTime() - started) / 1e9;
    }
    return elapsed / calls;
  }
}
