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
 * What TensorBoard shows of a training, in {@code tensorboard/} of its run folder: figures by
 * epoch, the loss by step, and pictures of the first batch as they were augmented.
 *
 * <p>However often a run is stopped or killed and resumed, every figure stands there once.
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
   * Those of a run; nothing is written before there is something to show.
   *
   * @param run the run folder
   * @param epochBatches steps an epoch, of which at least {@value #MIN_STEPS_PER_EPOCH} are shown
   */
  public TensorBoardLogger(Path run, int epochBatches) {
    this.folder = run.resolve(FOLDER);
    this.stride = Math.max(1, epochBatches / MIN_STEPS_PER_EPOCH);
  }

  /**
   * Goes on from where the run was saved; what was written after it is removed, as it comes again.
   *
   * @param checkpoint as {@link #markCheckpoint} was told
   */
  public void resumeFrom(String checkpoint) {
    resumeCheckpoint = Optional.of(checkpoint);
  }

  private EventFolder events() throws IOException {
    EventFolder open = events;
    if (open == null) {
      open =
          resumeCheckpoint.isPresent()
              ? EventFolder.resume(folder, resumeCheckpoint.get())
              : EventFolder.create(folder);
      events = open;
    }
    return open;
  }

  /**
   * Takes a step down, or leaves it out where there are many.
   *
   * @param step how many steps were learned, this one included
   * @param batch its place in the epoch, from 0
   */
  public void step(long step, int batch, double loss, double learningRate) throws IOException {
    if (batch % stride == 0) {
      events().scalars(step, Map.of("step/loss", loss, "step/learning_rate", learningRate));
    }
  }

  /**
   * Shows the first pictures of a batch.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param findings of each
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
            "training_pictures/as_augmented",
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
   * Takes an epoch down.
   *
   * @param epoch counted from 1
   * @param metrics by name; what stands before a slash is the group that they are shown in
   */
  public void epoch(int epoch, Map<String, Double> metrics) throws IOException {
    events().scalars(epoch, metrics);
  }

  /**
   * To be called before a run is saved.
   *
   * @param checkpoint names what is going to be saved
   * @param step how many steps were learned
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
