package dev.cxr.train.tensorboard;

import ai.djl.ndarray.NDArray;
import dev.cxr.data.augment.TileGrid;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes TensorBoard event files to {@code tensorboard/} of the run folder: metrics per epoch, loss
 * per step, and the augmented images of the first batch.
 *
 * <p>A run that is stopped or killed and resumed logs every value exactly once.
 */
public final class TensorBoardLogger implements AutoCloseable {

  private static final String FOLDER = "tensorboard";
  private static final int MIN_STEPS_PER_EPOCH = 50;
  private static final int COLUMNS = 4;
  private static final int MAX_IMAGES = COLUMNS * COLUMNS;
  private static final int MAX_SIDE = 224;

  private final Path folder;
  private final int stride;
  private Optional<String> resumeCheckpoint = Optional.empty();
  private @Nullable EventFolder events;

  /**
   * Logs a run; the folder appears with the first value.
   *
   * @param run the run folder
   * @param epochBatches steps per epoch, of which about {@value #MIN_STEPS_PER_EPOCH} are logged
   */
  public TensorBoardLogger(Path run, int epochBatches) {
    this.folder = run.resolve(FOLDER);
    this.stride = Math.max(1, epochBatches / MIN_STEPS_PER_EPOCH);
  }

  /**
   * Continues from a checkpoint; later events are deleted, as they will be logged again.
   *
   * @param checkpoint an argument of {@link #markCheckpoint}
   */
  public void resumeFrom(String checkpoint) {
    resumeCheckpoint = Optional.of(checkpoint);
  }

  private EventFolder events() throws IOException {
    EventFolder open = events;
    if (open == null) {
      open = EventFolder.open(folder, resumeCheckpoint);
      events = open;
    }
    return open;
  }

  /**
   * Logs a step; of a long epoch only some steps.
   *
   * @param step number of steps so far, with this one
   * @param batch of the epoch, from 0
   * @param loss of the step
   * @param learningRate of the step
   * @throws IOException if a file cannot be read or written
   */
  public void step(long step, int batch, double loss, double learningRate) throws IOException {
    if (batch % stride == 0) {
      events().scalars(step, Map.of("step/loss", loss, "step/learning_rate", learningRate));
    }
  }

  /**
   * Logs the first images of a batch as a grid.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param findings of each
   * @throws IOException if a file cannot be read or written
   */
  public void images(NDArray images, List<Finding> findings) throws IOException {
    int side = (int) images.getShape().get(2);
    float[] pixels = images.toFloatArray();
    int shown = Math.min(MAX_IMAGES, findings.size());
    List<List<TileGrid.Tile>> rows = new ArrayList<>();
    for (int from = 0; from < shown; from += COLUMNS) {
      rows.add(
          IntStream.range(from, Math.min(shown, from + COLUMNS))
              .mapToObj(i -> new TileGrid.Tile(toImage(pixels, i, side), caption(findings.get(i))))
              .toList());
    }
    GrayImage grid = TileGrid.render(rows);
    events()
        .image(
            1,
            "training_images/as_augmented",
            grid.width(),
            grid.height(),
            PngEncoder.encode(grid));
  }

  private static GrayImage toImage(float[] values, int index, int side) {
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(values[index * pixels.length + i] * 255);
    }
    int shown = Math.min(side, MAX_SIDE);
    return Resampler.resize(new GrayImage(side, side, pixels), shown, shown);
  }

  private static List<String> caption(Finding finding) {
    return List.of(finding.name().toLowerCase(Locale.ROOT).split("_", -1));
  }

  /**
   * Logs an epoch.
   *
   * @param epoch from 1
   * @param metrics by name; the part before a slash is the group in TensorBoard
   * @throws IOException if a file cannot be read or written
   */
  public void epoch(int epoch, Map<String, Double> metrics) throws IOException {
    events().scalars(epoch, metrics);
  }

  /**
   * Marks the position of a checkpoint; called before it is saved.
   *
   * @param checkpoint name of the checkpoint
   * @param step number of steps so far
   * @throws IOException if a file cannot be read or written
   */
  public void markCheckpoint(String checkpoint, long step) throws IOException {
    events().mark(step, checkpoint);
  }

  @Override
  public void close() throws IOException {
    if (events != null) {
      events.close();
    }
  }
}
