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
public final class TrainingEvents implements AutoCloseable {

  private static final String FOLDER = "tensorboard";
  private static final int STEPS_SHOWN_AN_EPOCH = 50;
  private static final int COLUMNS = 4;
  private static final int MOST_PICTURES = COLUMNS * COLUMNS;
  private static final int LARGEST_SIDE = 224;

  private final Path folder;
  private final int stride;
  private Optional<String> saved = Optional.empty();
  private @Nullable EventFolder events;

  /**
   * Those of a run; nothing is written before there is something to show.
   *
   * @param run the run folder
   * @param epochBatches steps an epoch, of which at least {@value #STEPS_SHOWN_AN_EPOCH} are shown
   */
  public TrainingEvents(Path run, int epochBatches) {
    this.folder = run.resolve(FOLDER);
    this.stride = Math.max(1, epochBatches / STEPS_SHOWN_AN_EPOCH);
  }

  /**
   * Goes on from where the run was saved; what was written after it is removed, as it comes again.
   *
   * @param checkpoint as {@link #saving} was told
   */
  public void goOnFrom(String checkpoint) {
    saved = Optional.of(checkpoint);
  }

  private EventFolder events() throws IOException {
    EventFolder open = events;
    if (open == null) {
      open = saved.isPresent() ? EventFolder.goOn(folder, saved.get()) : EventFolder.begin(folder);
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
   * @param pictures (N, 1, side, side) float32 in [0, 1]
   * @param findings of each
   */
  public void pictures(NDArray pictures, List<Finding> findings) throws IOException {
    int side = (int) pictures.getShape().get(2);
    float[] grays = pictures.toFloatArray();
    int shown = Math.min(MOST_PICTURES, findings.size());
    List<List<TileGrid.Tile>> rows = new ArrayList<>();
    for (int from = 0; from < shown; from += COLUMNS) {
      rows.add(
          IntStream.range(from, Math.min(shown, from + COLUMNS))
              .mapToObj(i -> new TileGrid.Tile(picture(grays, i, side), words(findings.get(i))))
              .toList());
    }
    GrayImage grid = TileGrid.render(rows);
    events()
        .picture(
            1,
            "training_pictures/as_augmented",
            grid.width(),
            grid.height(),
            PngEncoder.encode(grid));
  }

  private static GrayImage picture(float[] grays, int index, int side) {
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(grays[index * pixels.length + i] * 255);
    }
    int shown = Math.min(side, LARGEST_SIDE);
    return Resampler.resize(new GrayImage(side, side, pixels), shown, shown);
  }

  private static List<String> words(Finding finding) {
    return List.of(finding.name().toLowerCase(Locale.ROOT).split("_", -1));
  }

  /**
   * Takes an epoch down.
   *
   * @param epoch counted from 1
   * @param figures by name; what stands before a slash is the group that they are shown in
   */
  public void epoch(int epoch, Map<String, Double> figures) throws IOException {
    events().scalars(epoch, figures);
  }

  /**
   * To be called before a run is saved.
   *
   * @param checkpoint names what is going to be saved
   * @param step how many steps were learned
   */
  public void saving(String checkpoint, long step) throws IOException {
    events().mark(step, checkpoint);
  }

  @Override
  public void close() throws IOException {
    if (events != null) {
      events.close();
    }
  }
}
