package dev.cxr.serve.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatcherTest {

  private final BlockingQueue<List<Integer>> batches = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

  private Batcher<Integer> batcher(int size, long delayMillis) {
    return new Batcher<>(
        "test",
        new BatchSettings(size, Duration.ofMillis(delayMillis), 100),
        batches::add,
        (batch, reason) -> failures.add(reason));
  }

  private static void put(Batcher<Integer> batcher, int item) {
    batcher.expectItem();
    batcher.put(item);
  }

  private List<Integer> next() throws InterruptedException {
    return batches.poll(5, TimeUnit.SECONDS);
  }

  @Test
  void singleItemIsNotDelayed() throws Exception {
    try (Batcher<Integer> batcher = batcher(8, 5_000)) {
      long began = System.nanoTime();
      put(batcher, 1);
      assertThat(next()).containsExactly(1);
      assertThat(System.nanoTime() - began).isLessThan(2_500_000_000L);
    }
  }

  @Test
  void itemsQueuedDuringABatchFormTheNextBatch() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Batcher<Integer> batcher =
        new Batcher<>(
            "test",
            new BatchSettings(3, Duration.ZERO, 100),
            batch -> {
              batches.add(batch);
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            (batch, reason) -> failures.add(reason))) {
      put(batcher, 0);
      assertThat(next()).containsExactly(0);
      for (int i = 1; i <= 5; i++) {
        put(batcher, i);
      }
      assertThat(batcher.queued()).isEqualTo(5);
      go.countDown();
      assertThat(next()).as("at most three").containsExactly(1, 2, 3);
      assertThat(next()).containsExactly(4, 5);
    }
  }

  @Test
  void waitsForExpectedItem() throws Exception {
    try (Batcher<Integer> batcher = batcher(8, 5_000)) {
      batcher.expectItem();
      put(batcher, 1);
      Thread.sleep(50);
      batcher.put(2);
      assertThat(next()).containsExactly(1, 2);
    }
  }

  @Test
  void waitsAtMostMaxBatchDelay() throws Exception {
    try (Batcher<Integer> batcher = batcher(8, 30)) {
      batcher.expectItem(); // and is never put
      put(batcher, 1);
      assertThat(next()).containsExactly(1);
    }
  }

  @Test
  void doesNotWaitForCancelledItem() throws Exception {
    try (Batcher<Integer> batcher = batcher(8, 6_000)) {
      batcher.expectItem();
      put(batcher, 1);
      batcher.cancelExpected();
      assertThat(next()).containsExactly(1);
    }
  }

  @SuppressWarnings("try") // closes the batcher early, to look at it closed
  @ParameterizedTest
  @ValueSource(classes = {StackOverflowError.class, NoClassDefFoundError.class, Exception.class})
  void continuesAfterAFailedBatch(Class<? extends Throwable> type) throws Exception {
    Throwable failure = type.getDeclaredConstructor().newInstance();
    try (Batcher<Integer> batcher =
        new Batcher<>(
            "test",
            new BatchSettings(8, Duration.ZERO, 100),
            batch -> {
              if (batch.contains(1)) {
                throwUnchecked(failure);
              }
              batches.add(batch);
            },
            (batch, reason) -> failures.add(reason))) {
      assertThat(batcher.isAlive()).isTrue();
      put(batcher, 1);
      assertThat(failures.poll(5, TimeUnit.SECONDS)).isSameAs(failure);
      put(batcher, 2);
      assertThat(next()).containsExactly(2);
      batcher.close();
      assertThat(batcher.isAlive()).as("closed").isFalse();
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwUnchecked(Throwable failure) throws E {
    throw (E) failure;
  }

  @ParameterizedTest
  @CsvSource({
    "0,5,16,--batch-size",
    "257,5,16,--batch-size",
    "8,-1,16,--max-batch-delay",
    "8,10001,16,--max-batch-delay",
    "8,5,0,--job-queue-size",
    "8,5,10001,--job-queue-size"
  })
  void rejectsOutOfRangeSettings(int size, long delay, int queue, String option) {
    assertThatThrownBy(() -> new BatchSettings(size, Duration.ofMillis(delay), queue))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(option);
  }
}
