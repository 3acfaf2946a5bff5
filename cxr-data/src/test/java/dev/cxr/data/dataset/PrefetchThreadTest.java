package dev.cxr.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrefetchThreadTest {

  @Test
  void runsTasksOnDaemonThread() throws Exception {
    try (PrefetchThread batches = new PrefetchThread()) {
      assertThat(batches.executor().submit(() -> Thread.currentThread().isDaemon()).get()).isTrue();
    }
  }

  @Test
  void closeStopsThread() throws Exception {
    ExecutorService executor;
    try (PrefetchThread batches = new PrefetchThread()) {
      executor = batches.executor();
      Thread thread = executor.submit(Thread::currentThread).get();
      assertThat(thread.isAlive()).isTrue();
    }
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }
}
