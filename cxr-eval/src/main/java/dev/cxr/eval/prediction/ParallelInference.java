package dev.cxr.eval.prediction;

import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs several batches through a network at the same time, each with its share of PyTorch's
 * threads.
 *
 * <p>On two processors this is a fifth faster than one batch after the other on both: threads do
 * not wait for each other at the end of every layer, and Java prepares one batch while the network
 * works on another.
 *
 * <p>PyTorch has one thread count for the whole process. Only one call changes it at a time, others
 * wait, and every call restores it before it returns.
 */
public final class ParallelInference {

  /** Every batch in progress needs memory for its activations. */
  private static final int MAX_WORKERS = 4;

  private static final ReentrantLock THREAD_COUNT = new ReentrantLock();

  /** Processes batches until none is left; stops early when its thread is interrupted. */
  interface Worker {
    void run() throws IOException;
  }

  private ParallelInference() {}

  /** {@return PyTorch's number of threads: one per processor, or {@code OMP_NUM_THREADS}} */
  public static int engineThreads() {
    return JniUtils.getNumThreads();
  }

  /** {@return the number of workers at the current number of threads} */
  static int workers() {
    return Math.min(MAX_WORKERS, engineThreads());
  }

  /**
   * Runs the same worker in several threads. When this returns or throws, no worker runs any more,
   * so the caller may close the network.
   *
   * @throws InterruptedIOException if the current thread is interrupted
   * @throws IOException if a worker throws it
   */
  static void run(Worker worker) throws IOException {
    Callable<Void> task =
        () -> {
          worker.run();
          return null;
        };
    restoringThreadCount(
        () -> {
          int workers = workers();
          JniUtils.setNumThreads(
              engineThreads() / workers); // threads that start from now on use it
          ExecutorService executor = Executors.newFixedThreadPool(workers);
          try {
            for (Future<Void> future : executor.invokeAll(Collections.nCopies(workers, task))) {
              getResult(future);
            }
            return workers;
          } catch (InterruptedException e) {
            throw interruptedException();
          } finally {
            executor.shutdownNow();
            awaitTermination(executor);
          }
        });
  }

  private static void awaitTermination(ExecutorService executor) {
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true; // a worker may still use the network
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A computation that may read files.
   *
   * @param <T> the type of the result
   */
  public interface Computation<T> {
    /**
     * {@return the result}
     *
     * @throws IOException if a file cannot be read
     */
    T compute() throws IOException;
  }

  /**
   * {@return a value, computed with one of PyTorch's threads while this process has other work for
   * the other processors} With more, they would wait for each other at the end of every layer, and
   * a waiting thread takes its processor from the other work.
   *
   * @param <T> the type of the result
   * @param computation what to compute
   * @throws InterruptedIOException if the current thread is interrupted while it waits
   * @throws IOException if the computation throws it
   */
  public static <T> T runSingleThreaded(Computation<T> computation) throws IOException {
    return restoringThreadCount(
        () -> {
          JniUtils.setNumThreads(1);
          return computation.compute();
        });
  }

  private static <T> T restoringThreadCount(Computation<T> computation) throws IOException {
    try {
      THREAD_COUNT.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interruptedException();
    }
    try {
      int threads = engineThreads();
      try {
        return computation.compute();
      } finally {
        JniUtils.setNumThreads(threads);
      }
    } finally {
      THREAD_COUNT.unlock();
    }
  }

  /**
   * {@return the result of another thread, when it is available}
   *
   * @param <T> the type of the result
   * @param future the result to wait for
   * @throws InterruptedIOException if the current thread is interrupted
   * @throws IOException if the other thread threw it; unchecked exceptions are rethrown too
   */
  public static <T> T getResult(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause; // out of memory, which has its own message
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw interruptedException();
    }
  }

  /** Sets the thread's interrupt flag again. */
  private static IOException interruptedException() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while other threads were at work");
  }
}
