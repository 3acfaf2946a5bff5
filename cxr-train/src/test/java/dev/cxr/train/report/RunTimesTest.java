package dev.cxr.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.common.runtime.ProcFile;
import dev.cxr.train.loop.RunLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTimesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir private Path folder;

  private static RunTimes read(String log) {
    return RunTimes.of(log.lines().toList(), NOW);
  }

  @Test
  void epochTimeEndsAtItsLine() {
    RunTimes times =
        read(
            """
            2026-03-01T09:00:00.000Z  start
            2026-03-01T09:01:00.500Z  epoch 1  50.0 s training  38.0 img/s  800 MiB resident  900 MiB peak
            2026-03-01T09:01:01.000Z  saved
            2026-03-01T09:02:00.500Z  epoch 2  50.0 s training  40.0 img/s  850 MiB resident  950 MiB peak
            """);
    assertThat(times.epochs())
        .isEqualTo(Map.of(1, new RunTimes.EpochTime(60.5, 38), 2, new RunTimes.EpochTime(60, 40)));
    assertThat(times.seconds()).as("still at work").isEqualTo(3600);
    assertThat(times.starts()).isEqualTo(1);
    assertThat(times.killed()).isZero();
    assertThat(times.imagesPerSecond()).hasValue(39);
    assertThat(times.peakMebibytes()).hasValue(950);
  }

  @Test
  void excludesTimeBetweenStarts() {
    RunTimes times =
        read(
            """
            2026-02-28T20:00:00.000Z  start
            2026-02-28T20:00:40.000Z  saved
            2026-02-28T20:00:41.000Z  end
            2026-03-01T09:59:00.000Z  start
            2026-03-01T09:59:30.000Z  epoch 1  20.0 s training  38.0 img/s  ? MiB resident  ? MiB peak
            """);
    assertThat(times.epochs()).isEqualTo(Map.of(1, new RunTimes.EpochTime(71, 38)));
    assertThat(times.seconds()).isEqualTo(41 + 60);
    assertThat(times.starts()).isEqualTo(2);
    assertThat(times.killed()).isZero();
    assertThat(times.peakMebibytes()).isEmpty();
  }

  @Test
  void countsKilledStartUpToLastLine() {
    RunTimes times =
        read(
            """
            2026-03-01T09:00:00.000Z  start
            2026-03-01T09:01:00.000Z  epoch 1  50.0 s training  30.0 img/s  800 MiB resident  999 MiB peak
            2026-03-01T09:01:3
            2026-03-01T09:30:00.000Z  start
            2026-03-01T09:31:00.000Z  epoch 1  55.0 s training  38.0 img/s  800 MiB resident  900 MiB peak
            2026-03-01T09:32:00.000Z  end
            """);
    assertThat(times.epochs()).isEqualTo(Map.of(1, new RunTimes.EpochTime(120, 38)));
    assertThat(times.seconds()).isEqualTo(60 + 120);
    assertThat(times.killed()).isEqualTo(1);
    assertThat(times.peakMebibytes()).hasValue(999);
  }

  @Test
  void ignoresClockSetBack() {
    RunTimes times =
        read(
            """
            2026-03-01T09:00:00.000Z  start
            2026-03-01T09:01:00.000Z  saved
            2026-03-01T08:00:00.000Z  saved
            2026-03-01T08:00:10.000Z  end
            """);
    assertThat(times.seconds()).isEqualTo(70);
  }

  @Test
  void skipsDamagedLines() {
    RunTimes times =
        read(
            """
            2026-03-01T09:00:00.000Z  start
            2026-03-01T09:00  epoch 9  50.0 s training  38.0 img/s  800 MiB resident  900 MiB peak
            \0\0\0\0  epoch 8  50.0 s training  38.0 img/s  800 MiB resident  900 MiB peak
            2026-03-01T09:01:00Z  epoch 1  50.0 s training  38.0 img/s  800 MiB resident  900 MiB peak
            """);
    assertThat(times.epochs()).isEqualTo(Map.of(1, new RunTimes.EpochTime(60, 38)));
  }

  @Test
  void readsWhatRunLogWrites() throws Exception {
    Path file = folder.resolve("run.log");
    try (RunLog log = new RunLog(file)) {
      log.epoch(1, 12.34, 38.05);
      log.saved();
    }
    try (RunLog log = new RunLog(file)) {
      log.epoch(2, 12.34, 39.05);
    }
    assertThat(Files.readAllLines(file)).hasSize(7);
    RunTimes times = RunTimes.read(file, Instant.now());
    assertThat(times.starts()).isEqualTo(2);
    assertThat(times.killed()).isZero();
    assertThat(times.epochs())
        .hasEntrySatisfying(
            2, epoch -> assertThat(epoch.imagesPerSecond()).isCloseTo(39.05, within(0.06)));
    assertThat(times.peakMebibytes().isPresent()).isEqualTo(ProcFile.peakMebibytes().isPresent());
  }
}
