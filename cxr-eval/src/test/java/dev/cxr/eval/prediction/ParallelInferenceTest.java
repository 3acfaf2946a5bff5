package dev.cxr.eval.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelInferenceTest {

  private int before;

  @BeforeEach
  void setFourThreads() {
    Engine.getEngine("PyTorch");
    before = JniUtils.getNumThreads();
    JniUtils.setNumThreads(4);
  }

  @AfterEach
  void restoreThreads() {
    JniUtils.setNumThreads(before);
  }

  @Test
  void restoresThreadCountAfterSuccessAndFailure() throws IOException {
    ParallelInference.run(() -> assertThat(JniUtils.getNumThreads()).isPositive());
    assertThat(JniUtils.getNumThreads()).isEqualTo(4);
    assertThat(ParallelInference.runSingleThreaded(JniUtils::getNumThreads)).isEqualTo(1);
    assertThat(JniUtils.getNumThreads()).isEqualTo(4);
    assertThatThrownBy(
            () ->
                ParallelInference.run(
                    () -> {
                      throw new IOException("failed batch");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("failed batch");
    assertThat(JniUtils.getNumThreads()).isEqualTo(4);
  }

  /** The second call must not take the first one's reduced count for the process's own. */
  @Test
  void restoresThreadCountAfterConcurrentCalls() throws Exception {
    CountDownLatch firstRuns = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return ParallelInference.runSingleThreaded(
                    () -> {
                      firstRuns.countDown();
                      awaitQuietly(release);
                      return JniUtils.getNumThreads();
                    });
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    firstRuns.await();
    AtomicReference<Integer> after = new AtomicReference<>();
    Thread second =
        new Thread(
            () -> {
              try {
                ParallelInference.run(() -> {});
                after.set(JniUtils.getNumThreads());
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    second.start();
    second.join(300);
    assertThat(after.get()).as("waits for the first call").isNull();
    release.countDown();
    assertThat(first.get()).isEqualTo(1);
    second.join();
    assertThat(after.get()).isEqualTo(4);
    Thread fresh = new Thread(() -> after.set(JniUtils.getNumThreads()));
    fresh.start();
    fresh.join();
    assertThat(after.get()).as("a thread that starts later").isEqualTo(4);
  }

  @Test
  void interruptionAwaitsTheWorkers() throws Exception {
    CountDownLatch started = new CountDownLatch(4);
    AtomicInteger finished = new AtomicInteger();
    AtomicReference<List<Object>> outcome = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                ParallelInference.run(
                    () -> {
                      started.countDown();
                      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
                      while (System.nanoTime()
                          < end) { // as a native call, it cannot be interrupted
                        Thread.onSpinWait();
                      }
                      finished.incrementAndGet();
                    });
              } catch (IOException e) {
                outcome.set(
                    List.of(
                        e,
                        finished.get(),
                        Thread.currentThread().isInterrupted(),
                        JniUtils.getNumThreads()));
              }
            });
    caller.start();
    started.await();
    caller.interrupt();
    caller.join();
    List<Object> found = Objects.requireNonNull(outcome.get());
    assertThat(found.get(0)).isInstanceOf(InterruptedIOException.class);
    assertThat(found.subList(1, 4)).containsExactly(4, true, 4);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
