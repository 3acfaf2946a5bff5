package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.serve.load.LoadReport;
import dev.cxr.serve.load.LoadTest;
import dev.cxr.serve.support.Pictures;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.ServerProcess;
import dev.cxr.serve.support.Soak;
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
class MemoryTest {

  private static final List<byte[]> FILES =
      List.of(Pictures.jpeg(0), Pictures.png(1), Pictures.dicom(2), Pictures.jpeg(3, 500, 400));

  @Test
  void stays(@TempDir Path scratch) throws Exception {
    int first = Soak.amount(200, 2_000);
    int all = Soak.amount(1_000, 20_000);
    Path bundle = RandomBundle.SMALL.sized(Soak.amount(32, 112)).in(scratch.resolve("bundle"));
    try (ServerProcess server = ServerProcess.start(bundle)) {
      URI address = server.address().resolve("/predictions/random");
      ask(address, first);
      long before = server.residentMemory();
      ask(address, all - first);
      long after = server.residentMemory();
      double drift = (after - before) / (double) before;
      System.out.printf(
          "memory after %d predictions %d MiB, after %d %d MiB, drift %.1f %%%n",
          first, before >> 20, all, after >> 20, 100 * drift);
      assertThat(drift).isLessThan(Soak.ON ? 0.05 : 0.25);
    }
  }

  private static void ask(URI address, int count) throws Exception {
    long done = 0;
    while (done < count) {
      LoadReport report = new LoadTest(address, FILES, 16, Duration.ofMillis(500), 0).run();
      assertThat(report.isClean()).isTrue();
      done += report.answered();
    }
  }
}
