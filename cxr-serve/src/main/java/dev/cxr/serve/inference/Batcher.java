package dev.cxr.serve.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Groups queued items into batches and passes them to a worker on one thread.
 *
 * <p>A batch is whatever is queued when the worker becomes free: the next batch grows while the
 * worker runs. It waits for more items only while some are expected, so a single item is never
 * delayed. The queue is unbounded; callers limit what they put in.
 */
final class Batcher<T> implements AutoCloseable {

  private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final BatchSettings settings;
  private final Consumer<List<T>> worker;
  private final BiConsumer<List<T>, Throwable> onFailure;
  private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger expected = new AtomicInteger();
  private final Thread thread;

  /**
   * Starts the thread.
   *
   * @param worker processes batches of 1 to {@link BatchSettings#batchSize} items
   * @param onFailure receives a batch whose worker has thrown an exception or error
   */
  Batcher(
      String name,
      BatchSettings settings,
      Consumer<List<T>> worker,
      BiConsumer<List<T>, Throwable> onFailure) {
    this.settings = settings;
    this.worker = worker;
    this.onFailure = onFailure;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Announces an item: {@link #put} or {@link #cancelExpected} must follow. */
  void expectItem() {
    expected.incrementAndGet();
  }

  /** Queues an expected item. */
  void put(T item) {
    queue.add(item);
    expected.decrementAndGet();
  }

  /** Takes back {@link #expectItem}. */
  void cancelExpected() {
    expected.decrementAndGet();
  }

  /** The number of queued items. */
  int queued() {
    return queue.size();
  }

  /** False if the thread has ended. */
  boolean isAlive() {
    return thread.isAlive();
  }

  private void run() {
    try {
      while (true) {
        List<T> batch = new ArrayList<>(settings.batchSize());
        batch.add(queue.take());
        fill(batch);
        process(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void process(List<T> batch) {
    try {
      worker.accept(batch);
    } catch (Throwable e) { // an Error too: callers wait for the batch, and the next one follows
      onFailure.accept(batch, e);
    }
  }

  private void fill(List<T> batch) throws InterruptedException {
    int maxSize = settings.batchSize();
    long deadlineNanos = System.nanoTime() + settings.maxBatchDelay().toNanos();
    queue.drainTo(batch, maxSize - batch.size());
    while (batch.size() < maxSize && expected.get() > 0) {
      long remainingNanos = deadlineNanos - System.nanoTime();
      if (remainingNanos <= 0) {
        return;
      }
      T next = queue.poll(Math.min(remainingNanos, POLL_NANOS), TimeUnit.NANOSECONDS);
      if (next != null) {
        batch.add(next);
        queue.drainTo(batch, maxSize - batch.size());
      }
    }
  }

  /** Ends the thread after the batch that it is processing. */
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
