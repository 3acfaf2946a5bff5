package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingListener;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.report.RunTimes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was stopped goes on as if it never had been. */
class ResumeTest {

  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private static Path data;
  private static Map<String, byte[]> uninterrupted;

  @BeforeAll
  static void trainUninterrupted() throws IOException {
    data = shared.resolve("data");
    SmallRun.writeImages(data);
    SmallRun.train(data, shared.resolve("run"));
    uninterrupted = SmallRun.bundle(shared.resolve("run"));
  }

  /** Stops at its {@code checks}-th check, of which an epoch has 5 while learning, then 1. */
  private void trainAndStop(Path run, int checks) {
    SmallRun.trainAndStop(data, run, checks);
  }

  private static void resume(Path run, StopSignal stop) throws IOException {
    SmallRun.resume(data, run, stop);
  }

  private static void assertSameBundle(Path run) throws IOException {
    Map<String, byte[]> found = SmallRun.bundle(run);
    assertThat(found.keySet()).isEqualTo(uninterrupted.keySet());
    uninterrupted.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
    assertThat(run.resolve("checkpoints")).doesNotExist();
  }

  /** From before the first batch to after the last epoch. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 5, 6, 9, 17, 18})
  void resumedRunGivesSameBundle(int checks) throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, checks);
    assertThat(run.resolve(RunFolder.BUNDLE)).doesNotExist();
    resume(run, new StopSignal());
    assertSameBundle(run);
  }

  @Test
  void resumesRepeatedly() throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, 3);
    for (int checks = 5; checks < 8; checks++) {
      StopSignal stop = SmallRun.stopAfter(checks);
      assertThatThrownBy(() -> resume(run, stop))
          .isInstanceOf(StopSignal.StopRequestedException.class);
    }
    resume(run, new StopSignal());
    assertSameBundle(run);
  }

  @Test
  void logShowsWhetherAnErrorEndedTheRun() throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, 3);
    assertThat(lastStart(run)).isEqualTo(RunTimes.LastStart.ENDED);
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void onBatch(BatchMetrics batch) {
            throw new IllegalStateException("patient-7.png");
          }
        };
    TrainingOptions options =
        new TrainingOptions(new StopSignal(), Duration.ofHours(1), Device.cpu(), failing);
    assertThatThrownBy(() -> TrainingLauncher.resume(run, SmallRun.source(data), options))
        .hasMessage("patient-7.png");
    assertThat(lastStart(run)).isEqualTo(RunTimes.LastStart.FAILED);
    assertThat(run.resolve("run.log")).content().doesNotContain("patient");
    resume(run, new StopSignal());
    assertThat(lastStart(run)).isEqualTo(RunTimes.LastStart.ENDED);
    assertSameBundle(run);
  }

  private static RunTimes.LastStart lastStart(Path run) throws IOException {
    return RunTimes.read(run.resolve("run.log"), Instant.now()).lastStart();
  }

  private static List<Path> checkpoints(Path run) throws IOException {
    try (Stream<Path> list = Files.list(run.resolve("checkpoints"))) {
      return list.sorted().toList();
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void fallsBackToEarlierCheckpoint() throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, 14);
    Files.writeString(run.resolve("checkpoints/.00009-000000.ckpt.unfinished"), "half");
    List<Path> kept = checkpoints(run);
    assertThat(kept)
        .extracting(path -> path.getFileName().toString())
        .containsExactly(".00009-000000.ckpt.unfinished", "00003-000000.ckpt", "00003-000002.ckpt");
    damage(kept.get(2));
    Files.createDirectory(run.resolve(".bundle.unfinished-5"));
    Files.writeString(run.resolve(".bundle.unfinished-5/bundle.json"), "half");
    resume(run, new StopSignal());
    assertSameBundle(run);
    assertThat(run.toFile().list()).noneMatch(name -> name.contains("unfinished"));
  }

  /** As version 0.1 wrote it before keys were renamed. */
  @Test
  void resumesRunWithOldKeys() throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, 14);
    replace(run.resolve("run.json"), Map.of("\"fingerprint\"", "\"pictures\""));
    replace(
        run.resolve("recipe.yaml"),
        Map.of("description:", "about:", "flip-averaging:", "mirrored:", "ema:", "averaging:"));
    for (Path checkpoint : checkpoints(run)) {
      replaceNotes(checkpoint, Map.of("\"totals\"", "\"seen\"", "\"images\"", "\"pictures\""));
    }
    resume(run, new StopSignal());
    assertSameBundle(run);
  }

  private static String replaceAll(String text, Map<String, String> words) {
    String replaced = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      assertThat(replaced).contains(word.getKey());
      replaced = replaced.replace(word.getKey(), word.getValue());
    }
    return replaced;
  }

  private static void replace(Path file, Map<String, String> words) throws IOException {
    Files.writeString(file, replaceAll(Files.readString(file), words));
  }

  /** Replaces words of the state, a text with its length, and renews the checksum at the end. */
  private static void replaceNotes(Path checkpoint, Map<String, String> words) throws IOException {
    byte[] file = Files.readAllBytes(checkpoint);
    int start = new String(file, StandardCharsets.ISO_8859_1).indexOf("{\"epoch\":");
    int length = ByteBuffer.wrap(file).getInt(start - Integer.BYTES);
    String notes = new String(file, start, length, StandardCharsets.UTF_8);
    byte[] changed = replaceAll(notes, words).getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(file.length - length + changed.length);
    out.put(file, 0, start - Integer.BYTES).putInt(changed.length).put(changed);
    out.put(file, start + length, file.length - start - length - Long.BYTES);
    CRC32C checksum = new CRC32C();
    checksum.update(out.array(), 0, out.position());
    Files.write(checkpoint, out.putLong(checksum.getValue()).array());
  }

  @Test
  void rejectsDamagedCheckpoints() throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, 14);
    List<Path> kept = checkpoints(run);
    for (Path checkpoint : kept) {
      damage(checkpoint);
    }
    assertThatThrownBy(() -> resume(run, new StopSignal()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("a damaged one, " + kept.get(1));
    assertThat(checkpoints(run)).isEqualTo(kept);
  }

  @Test
  void rejectsOtherImages() throws Exception {
    Path run = temporary.resolve("run");
    Path fewer = temporary.resolve("fewer");
    SmallRun.writeImages(fewer);
    try (Stream<Path> files = Files.list(fewer.resolve("train/NORMAL"))) {
      Files.delete(files.sorted().findFirst().orElseThrow());
    }
    trainAndStop(run, 2);
    assertThatThrownBy(
            () ->
                TrainingLauncher.resume(
                    run, SmallRun.source(fewer), SmallRun.options(new StopSignal())))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("the images that the run began with");
    resume(run, new StopSignal());
    assertSameBundle(run);
  }

  @Test
  void rejectsLockedRun() throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, 2);
    try (RunFolder taken = new RunFolder(run)) {
      assertThat(taken.path()).isEqualTo(run);
      assertThatThrownBy(() -> resume(run, new StopSignal()))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("writes " + run);
    }
    resume(run, new StopSignal());
    assertSameBundle(run);
  }

  @Test
  void writesHistoryEveryEpoch() throws Exception {
    Path run = temporary.resolve("run");
    trainAndStop(run, 14);
    List<String> rows = Files.readAllLines(run.resolve("history.csv"));
    List<String> all = Files.readAllLines(shared.resolve("run/bundle/history.csv"));
    assertThat(rows).hasSize(3).isEqualTo(all.subList(0, 3));
  }
}
