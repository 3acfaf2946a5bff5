package dev.cxr.train.cli;

import ai.djl.training.dataset.Batch;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSerializer;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.runtime.BenchmarkSamples;
import dev.cxr.common.runtime.ProcFile;
import dev.cxr.common.runtime.Workload;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.device.DeviceChoice;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.loop.LearnerFactory;
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures training throughput. */
@Command(
    name = "bench",
    description = {
      "Measure how many images a second this machine trains on: the same batch repeatedly (the"
          + " ceiling), the training loop, and data loading alone.",
      "The measurements alternate, so that their ratios hold on a machine whose speed drifts."
    })
public final class TrainBenchCommand implements EngineCommand {

  private static final int SCHEMA_VERSION = 2;
  private static final int LEAST_WARM_UP_STEPS = 3;

  /** While Java compiles the code of a step, it takes cores from the engine. */
  private static final int WARM_UP_STEPS = 20;

  /** Large networks call that code rarely in relation to their arithmetic. */
  private static final double WARM_UP_SECONDS = 20;

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .serializeNulls()
          .registerTypeAdapter(
              BenchmarkSamples.class,
              (JsonSerializer<BenchmarkSamples>)
                  (samples, type, context) -> context.serialize(samples.statistics()))
          .create();

  /** Data loading is so much faster than training that fewer batches could not be timed. */
  private static final int DATA_BATCHES_PER_TRAINED = 10;

  @Mixin private RecipeOptions options = new RecipeOptions();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds of all measurements (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--batches",
      defaultValue = "12",
      description =
          "Batches per measurement; data loading alone takes ten times as many (default:"
              + " ${DEFAULT-VALUE}).")
  private int batches;

  @Option(
      names = "--memory-format",
      defaultValue = "channels-last",
      description =
          "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). Contiguous with"
              + " --no-relaunch is DJL's default.")
  private MemoryFormat format = MemoryFormat.CHANNELS_LAST;

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the results to this file, with the values of every round.")
  private @Nullable Path json;

  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException {
    Recipe recipe = options.recipe().recipe();
    TrainingData data = TrainingData.open(recipe, options.openDataset(recipe));
    double[] ceiling = new double[rounds];
    double[] loop = new double[rounds];
    double[] dataLoading = new double[rounds];
    try (Learner learner =
            LearnerFactory.create(recipe, data.classWeights(recipe), format, device.device());
        BatchStream trainingBatches = new BatchStream(data.train(), learner);
        BatchStream residentSource =
            new BatchStream(
                data.train(), learner); // a stream closes its batches at the end of an epoch
        Batch resident = residentSource.next()) {
      warmUp(() -> learner.step(resident));
      for (int round = 0; round < rounds; round++) {
        long images = (long) batches * recipe.batchSize();
        ceiling[round] = images / seconds(batches, () -> learner.step(resident));
        loop[round] = images / seconds(batches, () -> trainOnNext(trainingBatches, learner));
        dataLoading[round] = dataLoadingThroughput(trainingBatches);
      }
    }
    Speeds speeds =
        new Speeds(
            new BenchmarkSamples(ceiling),
            new BenchmarkSamples(loop),
            new BenchmarkSamples(dataLoading));
    Ratios ratios =
        new Ratios(
            speeds.loop().dividedBy(speeds.ceiling()),
            speeds.dataLoading().dividedBy(speeds.loop()));
    OptionalLong memory = ProcFile.residentMebibytes();
    System.out.printf(
        "%s, batch %d, %d x %d, %s, %d rounds of %d batches; median (least to most)%n",
        recipe.architecture(),
        recipe.batchSize(),
        recipe.side(),
        recipe.side(),
        format,
        rounds,
        batches);
    System.out.println(speeds.ceiling().formatLine("one batch repeated (ceiling)", "img/s"));
    System.out.println(speeds.loop().formatLine("training loop", "img/s"));
    System.out.println(speeds.dataLoading().formatLine("data loading", "img/s"));
    System.out.println(ratios.loopToCeiling().formatLine("loop / ceiling", ""));
    System.out.println(ratios.dataLoadingToLoop().formatLine("data loading / loop", ""));
    memory.ifPresent(mib -> System.out.printf("  %-30s %10d MiB%n", "resident memory", mib));
    if (json != null) {
      Setting setting =
          new Setting(
              recipe.architecture(),
              recipe.batchSize(),
              recipe.side(),
              format.toString(),
              DeviceChoice.nameOf(device.device()),
              rounds,
              batches);
      Long mebibytes = memory.isPresent() ? memory.getAsLong() : null;
      Throughput throughput = new Throughput(SCHEMA_VERSION, setting, speeds, ratios, mebibytes);
      AtomicFile.write(json, file -> Files.writeString(file, GSON.toJson(throughput) + "\n"));
      System.out.println("Written: " + json);
    }
    return 0;
  }

  /** What {@code --json} writes. */
  private record Throughput(
      int schemaVersion,
      Setting setting,
      Speeds imagesPerSecond,
      Ratios ratios,
      @Nullable Long residentMebibytes) {}

  private record Setting(
      String architecture,
      int batchSize,
      int side,
      String memoryFormat,
      String device,
      int rounds,
      int batches) {}

  private record Speeds(
      BenchmarkSamples ceiling, BenchmarkSamples loop, BenchmarkSamples dataLoading) {}

  private record Ratios(BenchmarkSamples loopToCeiling, BenchmarkSamples dataLoadingToLoop) {}

  /** In images per second. */
  private double dataLoadingThroughput(BatchStream stream) {
    int times = batches * DATA_BATCHES_PER_TRAINED;
    return (long) times * stream.batchSize / seconds(times, () -> stream.next().close());
  }

  private static void trainOnNext(BatchStream stream, Learner learner) {
    try (Batch batch = stream.next()) {
      learner.step(batch);
    }
  }

  private static void warmUp(Runnable step) {
    double elapsed = 0;
    int steps = 0;
    while (steps < LEAST_WARM_UP_STEPS || (steps < WARM_UP_STEPS && elapsed < WARM_UP_SECONDS)) {
      elapsed += seconds(1, step);
      steps++;
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

  /** Full batches of consecutive epochs. */
  private static final class BatchStream implements AutoCloseable {

    private final ChestXrayDataset dataset;
    private final Learner learner;
    private final PrefetchThread thread = new PrefetchThread();
    private final int batchSize;
    private Iterator<Batch> batches;
    private int epoch = 1;

    BatchStream(ChestXrayDataset dataset, Learner learner) {
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
