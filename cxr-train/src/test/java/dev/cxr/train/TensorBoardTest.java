package dev.cxr.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
class TensorBoardTest {

  private static final String SPEED = "speed/images_per_second";

  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private static Path data;
  private static List<Event> uninterrupted;

  @BeforeAll
  static void trainWithoutAStop() throws Exception {
    data = shared.resolve("data");
    SmallRun.draw(data);
    SmallRun.train(data, shared.resolve("run"));
    uninterrupted = events(shared.resolve("run"));
  }

  static List<Event> events(Path run) throws IOException {
    return TensorFlowReader.events(run.resolve("tensorboard"));
  }

  /** Times apart, which no two runs share. */
  static List<Scalar> figures(List<Event> events) {
    return TensorFlowReader.scalars(events).stream()
        .filter(scalar -> !scalar.tag().equals(SPEED))
        .toList();
  }

  @Test
  void everyEpochAndEveryStepOfAShortRunIsThere() throws IOException {
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
    assertThat(TensorFlowReader.pictures(uninterrupted)).hasSize(1);
  }

  /** As {@link ResumeTest}: five checks while an epoch is learned, then one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5, 6, 17})
  void aRunThatWasStoppedShowsWhatTheUninterruptedOneShows(int checks) throws Exception {
    Path run = temporary.resolve("run");
    SmallRun.stop(data, run, checks);
    SmallRun.resume(data, run, new StopSignal());
    assertShowsTheSame(run);
  }

  /** As after kill -9: more was learned and shown than the last checkpoint knows of. */
  @Test
  void whatWasShownAfterTheLastCheckpointIsShownOnce() throws Exception {
    Path run = temporary.resolve("run");
    SmallRun.stop(data, run, 15);
    Files.delete(run.resolve("checkpoints/00003-000003.ckpt"));
    assertThat(run.resolve("checkpoints/00003-000000.ckpt")).exists();
    SmallRun.resume(data, run, new StopSignal());
    assertShowsTheSame(run);
  }

  private static void assertShowsTheSame(Path run) throws IOException {
    List<Event> events = events(run);
    assertThat(figures(events)).containsExactlyInAnyOrderElementsOf(figures(uninterrupted));
    assertThat(TensorFlowReader.pictures(events))
        .isEqualTo(TensorFlowReader.pictures(uninterrupted));
  }

  @Test
  void whereTheFolderCannotBeWrittenTheRunEndsAndCanGoOnLater() throws Exception {
    Path run = temporary.resolve("run");
    SmallRun.stop(data, run, 8);
    Path folder = run.resolve("tensorboard");
    Files.move(folder, temporary.resolve("away"));
    Files.writeString(folder, "in the way");
    assertThatThrownBy(() -> SmallRun.resume(data, run, new StopSignal()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tensorboard");
    Files.delete(folder);
    Files.move(temporary.resolve("away"), folder);
    SmallRun.resume(data, run, new StopSignal());
    assertShowsTheSame(run);
  }
}
