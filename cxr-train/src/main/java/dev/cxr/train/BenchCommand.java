package dev.cxr.train;

import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.runtime.BenchmarkSamples;
import dev.cxr.common.runtime.Workload;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.train.learning.Learner;
import dev.cxr.train.learning.Objective;
import dev.cxr.train.machine.DeviceName;
import dev.cxr.train.machine.DeviceOption;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.report.ResidentMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast this machine learns. */
@Command(
    name = "bench",
    description = {
      "Measure how fast this machine trains, in pictures a second: the same batch over and over (the"
          + " ceiling), the real loop with its augmentation and figures, and the making of batches"
          + " alone, once with the recipe's augmentation and once with every kind at once.",
      "They take turns, so that their ratios hold on a machine whose speed drifts."
    })
final class BenchCommand implements EngineCommand {

  private static final int WARM_UP = 3;

  /** Making batches is so much quicker than learning that a turn would be too short to time. */
  private static final int MADE_FOR_EACH_LEARNED = 10;

  @Mixin private RecipeOptions options = new RecipeOptions();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each takes its turn (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--batches",
      defaultValue = "12",
      description = "Batches a turn; ten times as many alone (default: ${DEFAULT-VALUE}).")
  private int batches;

  @Option(
      names = "--memory-format",
      defaultValue = "channels-last",
      description =
          "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). With contiguous and"
              + " --no-relaunch this is DJL as it comes.")
  private MemoryFormat format = MemoryFormat.CHANNELS_LAST;

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures there too, those of each round included.")
  private @Nullable Path json;

  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException {
    Recipe recipe = options.recipe().recipe();
    TrainingData data = TrainingData.open(recipe, options.open(recipe));
    double[] ceiling = new double[rounds];
    double[] loop = new double[rounds];
    double[] feeding = new double[rounds];
    double[] feedingAll = new double[rounds];
    Objective loss = Run.objective(recipe, data.classWeights(recipe));
    try (Learner learner = Run.learner(recipe, loss, format, device.device());
        Feed feed = new Feed(data.train(), learner);
        Feed everything = new Feed(everything(data, recipe), learner);
        Feed still = new Feed(data.train(), learner); // an epoch that ends closes its batches
        Batch resident = still.next()) {
      repeat(WARM_UP, () -> learner.step(resident));
      repeat(WARM_UP, () -> everything.next().close());
      for (int round = 0; round < rounds; round++) {
        long images = (long) batches * recipe.batchSize();
        ceiling[round] = images / seconds(batches, () -> learner.step(resident));
        loop[round] = images / seconds(batches, () -> learnNext(feed, learner));
        feeding[round] = making(feed);
        feedingAll[round] = making(everything);
      }
    }
    Speeds speeds =
        new Speeds(
            new Speeds.Setting(
                recipe.architecture(),
                recipe.batchSize(),
                recipe.side(),
                format.toString(),
                DeviceName.of(device.device()),
                rounds,
                batches),
            new BenchmarkSamples(ceiling),
            new BenchmarkSamples(loop),
            new BenchmarkSamples(feeding),
            new BenchmarkSamples(feedingAll),
            ResidentMemory.mebibytes());
    System.out.println(speeds.text());
    if (json != null) {
      AtomicFile.write(json, file -> Files.writeString(file, speeds.json()));
      System.out.println("Written: " + json);
    }
    return 0;
  }

  /** Pictures a second. */
  private double making(Feed feed) {
    int times = batches * MADE_FOR_EACH_LEARNED;
    return (long) times * feed.batchSize / seconds(times, () -> feed.next().close());
  }

  private static ChestXrayDataset everything(TrainingData data, Recipe recipe) {
    return TrainingData.train(data.pixels(), recipe, Augmentation.ALL_KINDS);
  }

  private static void learnNext(Feed feed, Learner learner) {
    try (Batch batch = feed.next()) {
      learner.step(batch);
    }
  }

  private static double seconds(int times, Runnable work) {
    long started = System.nanoTime();
    repeat(times, work);
    return (System.nanoTime() - started) / 1e9;
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }

  /** The training batches of one epoch after another, full ones only. */
  private static final class Feed implements AutoCloseable {

    private final ChestXrayDataset dataset;
    private final Learner learner;
    private final PrefetchThread thread = new PrefetchThread();
    private final int batchSize;
    private Iterator<Batch> batches;
    private int epoch = 1;

    Feed(ChestXrayDataset dataset, Learner learner) {
      this.dataset = dataset;
      this.learner = learner;
      this.batches = dataset.epoch(learner.manager(), epoch, thread.executor()).iterator();
      this.batchSize = dataset.batchSize();
    }

    Batch next() {
      while (true) {
        while (batches.hasNext()) {
          Batch batch = batches.next();
          if (batch.getSize() == batchSize) {
            return batch;
          }
          batch.close();
        }
        batches = dataset.epoch(learner.manager(), ++epoch, thread.executor()).iterator();
      }
    }

    @Override
    public void close() {
      thread.close();
    }
  }
}
