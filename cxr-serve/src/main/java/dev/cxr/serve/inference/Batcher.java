package dev.cxr.serve.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Gathers what is put in into batches and hands them to one thread's worker.
 *
 * <p>A batch is whatever waits when the worker is free: while it works, the next batch grows. Only
 * where more has been announced does it wait a little, so that one alone is never delayed. How much
 * waits is bounded by whoever puts in.
 */
final class Batcher<T> implements AutoCloseable {

  private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final BatchSettings settings;
  private final Consumer<List<T>> worker;
  private final BlockingQueue<T> queued = new LinkedBlockingQueue<>();
  private final AtomicInteger expected = new AtomicInteger();
  private final Thread thread;

  /**
   * Starts the worker's thread.
   *
   * @param worker is handed 1 to {@link BatchSettings#batchSize} of them; throws nothing
   */
  Batcher(String name, BatchSettings settings, Consumer<List<T>> worker) {
    this.settings = settings;
    this.worker = worker;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Says that one is on its way: {@link #put} or {@link #cancelExpected} follows. */
  void expectItem() {
    expected.incrementAndGet();
  }

  /** Puts in what was announced. */
  void put(T item) {
    queued.add(item);
    expected.decrementAndGet();
  }

  /** What was announced does not come. */
  void cancelExpected() {
    expected.decrementAndGet();
  }

  /** How many wait. */
  int queued() {
    return queued.size();
  }

  private void run() {
    try {
      while (true) {
        List<T> batch = new ArrayList<>(settings.batchSize());
        batch.add(queued.take());
        fill(batch);
        worker.accept(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void fill(List<T> batch) throws InterruptedException {
    int maxSize = settings.batchSize();
    long deadlineNanos = System.nanoTime() + settings.maxBatchDelay().toNanos();
    queued.drainTo(batch, maxSize - batch.size());
    while (batch.size() < maxSize && expected.get() > 0) {
      long remainingNanos = deadlineNanos - System.nanoTime();
      if (remainingNanos <= 0) {
        return;
      }
      T next = queued.poll(Math.min(remainingNanos, POLL_NANOS), TimeUnit.NANOSECONDS);
      if (next != null) {
        batch.add(next);
        queued.drainTo(batch, maxSize - batch.size());
      }
    }
  }

  /** Ends the thread once it has finished what it works at. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
