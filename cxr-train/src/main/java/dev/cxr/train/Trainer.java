package dev.cxr.train;

import ai.djl.Device;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.data.index.DatasetFormat;
import dev.cxr.train.export.BundleExporter.TrainingResult;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingListener;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.recipe.Recipes.ResolvedRecipe;
import dev.cxr.train.run.DatasetLocation;
import dev.cxr.train.run.RunFolder;
import dev.cxr.train.run.TrainingLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trains a recipe on a dataset and writes a model bundle, in this process and on the calling
 * thread. Nothing is printed: a {@link TrainingListener} follows the training.
 *
 * <pre>{@code
 * TrainedModel model =
 *     Trainer.builder()
 *         .setRecipe("quick")
 *         .setDataset("synthetic")
 *         .setOutput(Path.of("runs/first"))
 *         .optOverride("epochs", "3")
 *         .build()
 *         .train();
 * }</pre>
 *
 * <p>One training at a time per process: the engine collects gradients in one place only.
 *
 * @since 0.1
 */
public final class Trainer {

  static {
    EngineDefaults.prepare();
  }

  private final @Nullable ResolvedRecipe recipe;
  private final DatasetLocation dataset;
  private final Path output;
  private final Device device;
  private final Duration checkpointInterval;
  private final TrainingListener listener;
  private final StopSignal stop = new StopSignal();

  private Trainer(Builder builder, @Nullable ResolvedRecipe recipe, DatasetLocation dataset) {
    this.recipe = recipe;
    this.dataset = dataset;
    this.output = Objects.requireNonNull(builder.output);
    this.device = builder.device;
    this.checkpointInterval = builder.checkpointInterval;
    this.listener = builder.listener;
  }

  /** {@return a builder of a new training; recipe, dataset and output are required} */
  public static Builder builder() {
    return new Builder(false);
  }

  /**
   * Continues a training that was stopped or killed, with the recipe and the dataset of its run
   * folder. The bundle is the one that an uninterrupted training would have written.
   *
   * @param runFolder the output of that training
   * @return a builder
   */
  public static Builder resuming(Path runFolder) {
    return new Builder(true).setOutput(runFolder);
  }

  /**
   * Trains to the end.
   *
   * @return the model, which is also in {@code OUTPUT/bundle}
   * @throws dev.cxr.common.cli.UserErrorException if the dataset does not fit the recipe, the
   *     output folder exists (or, resuming, is not a run folder), the disk is full or the loss is
   *     not finite
   * @throws java.util.concurrent.CancellationException after {@link #cancel} or an interrupt; a
   *     training that had begun has saved a checkpoint and can be resumed
   * @throws IOException if files cannot be read or written
   */
  public TrainedModel train() throws IOException {
    TrainingOptions options = new TrainingOptions(stop, checkpointInterval, device, listener);
    try {
      stop.throwIfRequested();
      TrainingResult result =
          recipe == null
              ? TrainingLauncher.resume(output, dataset, options)
              : TrainingLauncher.start(recipe, dataset, output, options);
      return new TrainedModel(
          output.resolve(RunFolder.BUNDLE),
          result.manifest().name(),
          result.manifest().epoch(),
          result.history(),
          result.validation());
    } finally {
      stop.restoreInterrupt();
    }
  }

  /**
   * Stops the training after the current batch, from any thread; {@link #train} then throws a
   * {@link java.util.concurrent.CancellationException}.
   */
  public void cancel() {
    stop.request();
  }

  /** Builds a {@link Trainer}. */
  public static final class Builder {

    private final boolean resuming;
    private final Map<String, String> overrides = new LinkedHashMap<>();
    private @Nullable String recipe;
    private @Nullable String dataset;
    private @Nullable DatasetFormat format;
    private @Nullable Path output;
    private Device device = Device.cpu();
    private Duration checkpointInterval = Duration.ofMinutes(10);
    private TrainingListener listener = TrainingListener.NONE;

    private Builder(boolean resuming) {
      this.resuming = resuming;
    }

    /**
     * A built-in recipe such as {@code quick}; {@link Recipes#builtIn} lists them.
     *
     * @param name of the recipe
     * @return this builder
     */
    public Builder setRecipe(String name) {
      this.recipe = name;
      return this;
    }

    /**
     * A recipe in a YAML file.
     *
     * @param yamlFile to read
     * @return this builder
     */
    public Builder setRecipe(Path yamlFile) {
      this.recipe = yamlFile.toString();
      return this;
    }

    /**
     * A dataset folder, CSV or NPZ file, or {@code synthetic} for the built-in sample.
     *
     * @param pathOrSynthetic of the dataset
     * @return this builder
     */
    public Builder setDataset(String pathOrSynthetic) {
      this.dataset = pathOrSynthetic;
      return this;
    }

    /**
     * A dataset folder, CSV or NPZ file.
     *
     * @param path of the dataset
     * @return this builder
     */
    public Builder setDataset(Path path) {
      return setDataset(path.toString());
    }

    /**
     * The run folder to create: checkpoints, history, report and, at the end, the bundle.
     *
     * @param runFolder that does not exist yet
     * @return this builder
     */
    public Builder setOutput(Path runFolder) {
      this.output = runFolder;
      return this;
    }

    /**
     * Overrides a key of the recipe.
     *
     * @param key dotted, such as {@code early-stopping.patience}
     * @param value as YAML, such as {@code 5}
     * @return this builder
     */
    public Builder optOverride(String key, String value) {
      overrides.put(key, value);
      return this;
    }

    /**
     * How to read the dataset; by default its path determines that.
     *
     * @param datasetFormat of the dataset
     * @return this builder
     */
    public Builder optFormat(DatasetFormat datasetFormat) {
      this.format = datasetFormat;
      return this;
    }

    /**
     * The device to train on; the CPU by default.
     *
     * @param trainingDevice to train on
     * @return this builder
     */
    public Builder optDevice(Device trainingDevice) {
      this.device = trainingDevice;
      return this;
    }

    /**
     * The time between checkpoints within an epoch; 10 minutes by default.
     *
     * @param interval zero saves after every batch
     * @return this builder
     */
    public Builder optCheckpointInterval(Duration interval) {
      this.checkpointInterval = interval;
      return this;
    }

    /**
     * Follows the training; by default nothing does.
     *
     * @param trainingListener to call
     * @return this builder
     */
    public Builder optListener(TrainingListener trainingListener) {
      this.listener = trainingListener;
      return this;
    }

    /**
     * The trainer.
     *
     * @return a trainer for one training
     * @throws IllegalStateException naming everything that is missing
     * @throws dev.cxr.common.cli.UserErrorException if the recipe is invalid or, resuming, the
     *     folder is not a run folder with one seed
     * @throws IOException if the recipe cannot be read
     */
    public Trainer build() throws IOException {
      Path runFolder = output;
      String data = dataset;
      String recipeName = recipe;
      if (resuming && runFolder != null) {
        if (recipeName != null || !overrides.isEmpty()) {
          throw new IllegalStateException("a resumed training keeps the recipe of its run folder");
        }
        DatasetLocation source =
            data == null
                ? RunFolder.readRequest(runFolder).source()
                : DatasetLocation.of(data, format, List.of(), null);
        return new Trainer(this, null, source);
      }
      if (runFolder == null || data == null || recipeName == null) {
        throw new IllegalStateException(
            "setRecipe, setDataset and setOutput are required; missing:"
                + (recipeName == null ? " setRecipe" : "")
                + (data == null ? " setDataset" : "")
                + (runFolder == null ? " setOutput" : ""));
      }
      return new Trainer(
          this,
          Recipes.read(recipeName, overrides),
          DatasetLocation.of(data, format, List.of(), null));
    }
  }
}
