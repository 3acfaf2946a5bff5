package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.serve.load.LoadGenerator;
import dev.cxr.serve.load.LoadTestReport;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.ServerProcess;
import dev.cxr.serve.support.Soak;
import dev.cxr.serve.support.TestImages;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Resident memory after the first 2,000 predictions, and after 20,000: a tenth in every build. */
@EnabledOnOs(OS.LINUX)
class MemoryDriftTest {

  private static final List<byte[]> IMAGES =
      List.of(
          TestImages.jpeg(0), TestImages.png(1), TestImages.dicom(2), TestImages.jpeg(3, 500, 400));

  @Test
  void residentMemoryStaysStable(@TempDir Path scratch) throws Exception {
    int first = Soak.choose(200, 2_000);
    int all = Soak.choose(1_000, 20_000);
    Path bundle =
        RandomBundle.SMALL.withSide(Soak.choose(32, 112)).writeTo(scratch.resolve("bundle"));
    try (ServerProcess server = ServerProcess.start(bundle)) {
      URI address = server.address().resolve("/predictions/random");
      sendRequests(address, first);
      long before = server.residentMemory();
      sendRequests(address, all - first);
      long after = server.residentMemory();
      double drift = (after - before) / (double) before;
      System.out.printf(
          "memory after %d predictions %d MiB, after %d %d MiB, drift %.1f %%%n",
          first, before >> 20, all, after >> 20, 100 * drift);
      assertThat(drift).isLessThan(Soak.ENABLED ? 0.05 : 0.25);
    }
  }

  private static void sendRequests(URI address, int count) throws Exception {
    long done = 0;
    while (done < count) {
      LoadTestReport report =
          new LoadGenerator(address, IMAGES, 16, Duration.ofMillis(500), 0).run();
      assertThat(report.isClean()).isTrue();
      done += report.correct();
    }
  }
}
