package dev.cxr.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.loop.TrainingListener;
import dev.cxr.train.run.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from Java. */
class TrainerTest {

  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static Path data;

  @BeforeAll
  static void writeImages() throws IOException {
    data = shared.resolve("data");
    SmallRun.writeImages(data);
  }

  private Trainer.Builder builder(TrainingListener listener) {
    return Trainer.builder()
        .setRecipe("quick")
        .setDataset(data)
        .setOutput(folder.resolve("run"))
        .optOverride("side", "32")
        .optOverride("epochs", "2")
        .optOverride("batch-size", "16")
        .optOverride("validation.fraction", "0.3")
        .optListener(listener);
  }

  /** Records what it is told, and can act on a batch. */
  private static class Recorder implements TrainingListener {

    private final List<String> events = new ArrayList<>();

    @Override
    public void onStart(Path runFolder) {
      events.add("start");
    }

    @Override
    public void onBatch(BatchMetrics batch) {
      events.add("batch %d.%d".formatted(batch.epoch(), batch.batch()));
    }

    @Override
    public void onEpoch(EpochMetrics epoch, boolean best) {
      events.add("epoch " + epoch.epoch());
    }

    @Override
    public void onEnd(Outcome outcome) {
      events.add(outcome.toString());
    }
  }

  @Test
  void reportsEveryBatchAndEpochAndPrintsNothing() throws Exception {
    Recorder recorder = new Recorder();
    CapturedOutput<TrainedModel> captured =
        CapturedOutput.during(() -> builder(recorder).build().train());
    assertThat(captured.out()).isEmpty();
    assertThat(recorder.events)
        .containsExactly(
            "start",
            "batch 1.1",
            "batch 1.2",
            "batch 1.3",
            "batch 1.4",
            "batch 1.5",
            "epoch 1",
            "batch 2.1",
            "batch 2.2",
            "batch 2.3",
            "batch 2.4",
            "batch 2.5",
            "epoch 2",
            "COMPLETED");
    TrainedModel model = captured.value();
    assertThat(model.history()).extracting(EpochMetrics::epoch).containsExactly(1, 2);
    assertThat(model.validation().binary().accuracy()).isNotNull();
    assertThat(Bundle.open(model.bundle()).manifest().epoch()).isEqualTo(model.epoch());
  }

  @Test
  void cancelledTrainingResumesToTheSameBundle() throws Exception {
    Path whole = folder.resolve("whole");
    builder(TrainingListener.NONE).setOutput(whole).build().train();
    List<Trainer> trainers = new ArrayList<>();
    Recorder recorder =
        new Recorder() {
          @Override
          public void onBatch(BatchMetrics batch) {
            super.onBatch(batch);
            if (batch.epoch() == 2 && batch.batch() == 2) {
              trainers.get(0).cancel();
            }
          }
        };
    trainers.add(builder(recorder).build());
    assertThatThrownBy(trainers.get(0)::train).isInstanceOf(CancellationException.class);
    assertThat(recorder.events).endsWith("batch 2.2", "STOPPED");
    TrainedModel resumed = Trainer.resuming(folder.resolve("run")).build().train();
    assertThat(resumed.history()).hasSize(2);
    assertSameFiles(resumed.bundle(), whole.resolve("bundle"));
  }

  private static void assertSameFiles(Path found, Path expected) throws IOException {
    for (String file : expected.toFile().list()) {
      assertThat(Files.readAllBytes(found.resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(expected.resolve(file)));
    }
  }

  @Test
  void interruptSavesAndKeepsTheInterruptFlag() throws Exception {
    Recorder recorder =
        new Recorder() {
          @Override
          public void onBatch(BatchMetrics batch) {
            super.onBatch(batch);
            Thread.currentThread().interrupt();
          }
        };
    Trainer trainer = builder(recorder).build();
    assertThatThrownBy(trainer::train).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(recorder.events).containsExactly("start", "batch 1.1", "STOPPED");
    assertThat(folder.resolve("run/checkpoints/00001-000001.ckpt")).exists();
  }

  @Test
  void cancelledBeforeItStartsLeavesNothing() throws Exception {
    Trainer trainer = builder(TrainingListener.NONE).build();
    trainer.cancel();
    assertThatThrownBy(trainer::train).isInstanceOf(CancellationException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void builderNamesWhatIsMissing() {
    assertThatThrownBy(() -> Trainer.builder().setRecipe("quick").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("missing: setDataset setOutput");
    assertThatThrownBy(() -> Trainer.resuming(folder).setRecipe("quick").build())
        .hasMessageContaining("keeps the recipe");
  }
}
