package dev.cxr.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchThreadTest {

  @Test
  void workRunsOnADaemonSoThatTheProcessCanLeave() throws Exception {
    try (BatchThread batches = new BatchThread()) {
      assertThat(batches.executor().submit(() -> Thread.currentThread().isDaemon()).get()).isTrue();
    }
  }

  @Test
  void closingEndsTheThread() throws Exception {
    ExecutorService executor;
    try (BatchThread batches = new BatchThread()) {
      executor = batches.executor();
      Thread thread = executor.submit(Thread::currentThread).get();
      assertThat(thread.isAlive()).isTrue();
    }
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }
}
