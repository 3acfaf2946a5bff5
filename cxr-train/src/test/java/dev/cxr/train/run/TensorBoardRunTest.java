package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.tensorboard.TensorFlowReader;
import dev.cxr.train.tensorboard.TensorFlowReader.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.Event;

/** What TensorBoard shows of whole runs. */
class TensorBoardRunTest {

  private static final String SPEED = "speed/images_per_second";

  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private static Path data;
  private static List<Event> uninterrupted;

  @BeforeAll
  static void trainUninterrupted() throws Exception {
    data = shared.resolve("data");
    SmallRun.writeImages(data);
    SmallRun.train(data, shared.resolve("run"));
    uninterrupted = events(shared.resolve("run"));
  }

  static List<Event> events(Path run) throws IOException {
    return TensorFlowReader.events(run.resolve("tensorboard"));
  }

  /** Times apart, which no two runs share. */
  static List<Scalar> scalarsWithoutSpeed(List<Event> events) {
    return TensorFlowReader.scalars(events).stream()
        .filter(scalar -> !scalar.tag().equals(SPEED))
        .toList();
  }

  @Test
  void logsEveryEpochAndStep() throws IOException {
    List<Scalar> all = TensorFlowReader.scalars(uninterrupted);
    assertThat(all).filteredOn(s -> s.tag().equals("step/loss")).hasSize(15);
    for (String tag :
        List.of(
            "loss/training",
            "loss/validation",
            "accuracy/training",
            "accuracy/validation",
            "auroc/validation",
            "learning_rate/last_of_epoch",
            SPEED)) {
      assertThat(all)
          .filteredOn(s -> s.tag().equals(tag))
          .extracting(Scalar::step)
          .as(tag)
          .containsExactly(1L, 2L, 3L);
    }
    List<String> rows = Files.readAllLines(shared.resolve("run/history.csv"));
    float lossOfEpoch2 = Float.parseFloat(rows.get(2).split(",", -1)[1]);
    assertThat(all).contains(new Scalar("loss/training", 2, lossOfEpoch2));
    assertThat(TensorFlowReader.images(uninterrupted)).hasSize(1);
  }

  /** As {@link ResumeTest}: five checks while an epoch is learned, then one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5, 6, 17})
  void resumedRunLogsTheSame(int checks) throws Exception {
    Path run = temporary.resolve("run");
    SmallRun.trainAndStop(data, run, checks);
    SmallRun.resume(data, run, new StopSignal());
    assertLogsTheSame(run);
  }

  /** As after kill -9: more was learned and shown than the last checkpoint knows of. */
  @Test
  void logsStepsAfterCheckpointOnce() throws Exception {
    Path run = temporary.resolve("run");
    SmallRun.trainAndStop(data, run, 15);
    Files.delete(run.resolve("checkpoints/00003-000003.ckpt"));
    assertThat(run.resolve("checkpoints/00003-000000.ckpt")).exists();
    SmallRun.resume(data, run, new StopSignal());
    assertLogsTheSame(run);
  }

  private static void assertLogsTheSame(Path run) throws IOException {
    List<Event> events = events(run);
    assertThat(scalarsWithoutSpeed(events))
        .containsExactlyInAnyOrderElementsOf(scalarsWithoutSpeed(uninterrupted));
    assertThat(TensorFlowReader.images(events)).isEqualTo(TensorFlowReader.images(uninterrupted));
  }

  @Test
  void unwritableFolderStopsRunWhichResumes() throws Exception {
    Path run = temporary.resolve("run");
    SmallRun.trainAndStop(data, run, 8);
    Path folder = run.resolve("tensorboard");
    Files.move(folder, temporary.resolve("away"));
    Files.writeString(folder, "in the way");
    assertThatThrownBy(() -> SmallRun.resume(data, run, new StopSignal()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tensorboard");
    Files.delete(folder);
    Files.move(temporary.resolve("away"), folder);
    SmallRun.resume(data, run, new StopSignal());
    assertLogsTheSame(run);
  }
}
