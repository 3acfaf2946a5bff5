package dev.cxr.train.tensorboard;

import static dev.cxr.train.tensorboard.TensorFlowReader.events;
import static dev.cxr.train.tensorboard.TensorFlowReader.images;
import static dev.cxr.train.tensorboard.TensorFlowReader.scalars;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.cxr.data.index.Finding;
import dev.cxr.train.tensorboard.TensorFlowReader.Scalar;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class TensorBoardLoggerTest {

  @TempDir private Path run;

  private Path folder() {
    return run.resolve("tensorboard");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> list = Files.list(folder())) {
      return list.sorted().toList();
    }
  }

  /** Steps from one on, each losing its own number. */
  private static void learn(TensorBoardLogger events, int from, int to) throws IOException {
    for (int step = from; step <= to; step++) {
      events.step(step, step - 1, step, 0.5);
    }
  }

  private List<Float> losses() throws IOException {
    return scalars(events(folder())).stream()
        .filter(scalar -> scalar.tag().equals("step/loss"))
        .map(Scalar::value)
        .toList();
  }

  @Test
  void recordsMatchTensorBoard() throws IOException {
    Path file = run.resolve("records");
    try (EventFile out = new EventFile(file)) {
      out.append(new byte[] {'a', 'b', 'c'});
      out.append(new byte[0]);
    }
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo("0300000000000000b099490e6162636e57f121000000000000000029039807d8ea82a2");
  }

  @Test
  void writesVersionScalarsAndTimes() throws IOException {
    double before = System.currentTimeMillis() / 1e3;
    try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      events.step(300, 0, 0.25, 1e-4);
      events.epoch(2, Map.of("loss/validation", 0.75));
    }
    List<Event> events = events(folder());
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events)
        .allSatisfy(event -> assertThat(event.getWallTime()).isBetween(before, before + 60));
    assertThat(scalars(events))
        .containsExactlyInAnyOrder(
            new Scalar("step/loss", 300, 0.25f),
            new Scalar("step/learning_rate", 300, 1e-4f),
            new Scalar("loss/validation", 2, 0.75f));
  }

  @Test
  void thinsStepsOfLongEpochs() throws IOException {
    try (TensorBoardLogger events = new TensorBoardLogger(run, 163)) {
      learn(events, 1, 163);
    }
    assertThat(losses()).hasSize(55).startsWith(1f, 4f, 7f);
    try (TensorBoardLogger events = new TensorBoardLogger(run, 20)) {
      learn(events, 1, 20);
    }
    assertThat(losses()).as("begun anew").hasSize(20);
  }

  @Test
  void resumeRemovesLaterEvents() throws IOException {
    try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      learn(events, 1, 2);
      events.markCheckpoint("first", 2);
      learn(events, 3, 4);
      events.markCheckpoint("second", 4);
      learn(events, 5, 6);
    }
    try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      events.resumeFrom("second");
      learn(events, 5, 7);
      events.markCheckpoint("third", 7);
    }
    assertThat(losses()).containsExactly(1f, 2f, 3f, 4f, 5f, 6f, 7f);
    assertThat(files()).hasSize(2);

    try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      events.resumeFrom("first"); // the later checkpoints were damaged
      learn(events, 3, 3);
    }
    assertThat(losses()).containsExactly(1f, 2f, 3f);
    assertThat(files()).hasSize(2);
  }

  @Test
  void toleratesDamagedRecords() throws IOException {
    try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      learn(events, 1, 2);
      events.markCheckpoint("first", 2);
      learn(events, 3, 3);
    }
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);
    for (int cut : List.of(1, 5, 20)) {
      Files.write(file, Arrays.copyOf(whole, whole.length - cut));
      try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
        events.resumeFrom("first");
        learn(events, 3, 3);
      }
      assertThat(losses()).containsExactly(1f, 2f, 3f);
      Files.delete(files().get(1));
    }
    byte[] damaged = whole.clone();
    damaged[damaged.length / 4] ^= 1;
    Files.write(file, damaged);
    try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      events.resumeFrom("first");
      learn(events, 3, 3);
    }
    assertThat(losses()).as("nothing that can't be trusted is kept").containsExactly(3f);
  }

  @Test
  void keepsOtherFiles() throws IOException {
    Files.createDirectories(folder());
    Path notes = Files.writeString(folder().resolve("notes.tfevents.txt"), "mine");
    try (TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      learn(events, 1, 1);
    }
    assertThat(notes).hasContent("mine");
  }

  @Test
  void logsFirstSixteenImagesAsGrid() throws IOException {
    try (NDManager manager = NDManager.newBaseManager();
        TensorBoardLogger events = new TensorBoardLogger(run, 10)) {
      float[] pixels = new float[20 * 40 * 40];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = Math.floorDiv(i, 1600) / 20f; // each picture a shade of its own
      }
      events.images(
          manager.create(pixels, new Shape(20, 1, 40, 40)),
          Collections.nCopies(20, Finding.VIRAL_PNEUMONIA));
    }
    Summary.Image image = images(events(folder())).get(0);
    assertThat(image.getColorspace()).isEqualTo(1);
    BufferedImage picture = ImageIO.read(image.getEncodedImageString().newInput());
    assertThat(picture.getWidth()).isEqualTo(image.getWidth()).isEqualTo(2 * 12 + 4 * 48 - 8);
    assertThat(picture.getHeight()).isEqualTo(image.getHeight());
    int rowHeight = (picture.getHeight() - 2 * 12 + 8) / 4;
    for (int i = 0; i < 16; i++) {
      int x = 12 + (i % 4) * 48 + 20;
      int y = 12 + (i / 4) * rowHeight + 20;
      assertThat(picture.getRaster().getSample(x, y, 0))
          .as("picture %d", i)
          .isEqualTo(Math.round(255 * i / 20f));
    }
  }
}
