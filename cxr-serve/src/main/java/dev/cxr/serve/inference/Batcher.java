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

  private static final long LOOK_AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final Batching settings;
  private final Consumer<List<T>> worker;
  private final BlockingQueue<T> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger announced = new AtomicInteger();
  private final Thread thread;

  /**
   * Starts the worker's thread.
   *
   * @param worker is handed 1 to {@link Batching#batchSize} of them; throws nothing
   */
  Batcher(String name, Batching settings, Consumer<List<T>> worker) {
    this.settings = settings;
    this.worker = worker;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Says that one is on its way: {@link #put} or {@link #withdraw} follows. */
  void announce() {
    announced.incrementAndGet();
  }

  /** Puts in what was announced. */
  void put(T item) {
    waiting.add(item);
    announced.decrementAndGet();
  }

  /** What was announced does not come. */
  void withdraw() {
    announced.decrementAndGet();
  }

  /** How many wait. */
  int waiting() {
    return waiting.size();
  }

  private void run() {
    try {
      while (true) {
        List<T> batch = new ArrayList<>(settings.batchSize());
        batch.add(waiting.take());
        fill(batch);
        worker.accept(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void fill(List<T> batch) throws InterruptedException {
    int room = settings.batchSize();
    long end = System.nanoTime() + settings.maxBatchDelay().toNanos();
    waiting.drainTo(batch, room - batch.size());
    while (batch.size() < room && announced.get() > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      T next = waiting.poll(Math.min(left, LOOK_AGAIN_NANOS), TimeUnit.NANOSECONDS);
      if (next != null) {
        batch.add(next);
        waiting.drainTo(batch, room - batch.size());
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
