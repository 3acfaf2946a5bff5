package dev.cxr.train.benchmark;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.common.runtime.BenchmarkSamples;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * How fast a machine learns, in pictures a second, a value for each round.
 *
 * @param config what was measured
 * @param ceiling learning the same batch over and over
 * @param loop learning as a run does
 * @param dataLoading making batches alone
 * @param dataLoadingAllAugmentations making batches alone, with every kind of augmentation
 * @param residentMebibytes resident memory at the end; empty where the system does not tell
 */
public record ThroughputReport(
    Config config,
    BenchmarkSamples ceiling,
    BenchmarkSamples loop,
    BenchmarkSamples dataLoading,
    BenchmarkSamples dataLoadingAllAugmentations,
    OptionalLong residentMebibytes) {

  private static final int SCHEMA_VERSION = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  /**
   * What was measured.
   *
   * @param side in pixels
   * @param rounds how often each took its turn
   * @param batches learned in a turn
   */
  public record Config(
      String architecture,
      int batchSize,
      int side,
      String memoryFormat,
      String device,
      int rounds,
      int batches) {}

  BenchmarkSamples loopToCeiling() {
    return loop.dividedBy(ceiling);
  }

  BenchmarkSamples dataLoadingToLoop() {
    return dataLoading.dividedBy(loop);
  }

  BenchmarkSamples dataLoadingAllAugmentationsToLoop() {
    return dataLoadingAllAugmentations.dividedBy(loop);
  }

  /** A table for people. */
  public String toText() {
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    lines.add(
        "%s, batch %d, %d x %d, %s, %d rounds of %d batches; median (least to most)"
            .formatted(
                config.architecture(),
                config.batchSize(),
                config.side(),
                config.side(),
                config.memoryFormat(),
                config.rounds(),
                config.batches()));
    lines.add(ceiling.formatLine("resident batch, the ceiling", "img/s"));
    lines.add(loop.formatLine("real training loop", "img/s"));
    lines.add(dataLoading.formatLine("making batches alone", "img/s"));
    lines.add(dataLoadingAllAugmentations.formatLine("the same, every augmentation", "img/s"));
    lines.add(loopToCeiling().formatLine("loop / ceiling", ""));
    lines.add(dataLoadingToLoop().formatLine("batches alone / loop", ""));
    lines.add(dataLoadingAllAugmentationsToLoop().formatLine("the same, every augmentation", ""));
    residentMebibytes.ifPresent(
        mib -> lines.add(String.format(Locale.ROOT, "  %-30s %10d MiB", "resident memory", mib)));
    return lines.toString();
  }

  /** The same for programs, each round's value included. */
  public String toJson() {
    Map<String, Object> speeds = new LinkedHashMap<>();
    speeds.put("ceiling", ceiling.statistics());
    speeds.put("loop", loop.statistics());
    speeds.put("feeding", dataLoading.statistics());
    speeds.put("feedingEveryAugmentation", dataLoadingAllAugmentations.statistics());
    Map<String, Object> ratios = new LinkedHashMap<>();
    ratios.put("loopToCeiling", loopToCeiling().statistics());
    ratios.put("feedingToLoop", dataLoadingToLoop().statistics());
    ratios.put("feedingEveryAugmentationToLoop", dataLoadingAllAugmentationsToLoop().statistics());
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("schemaVersion", SCHEMA_VERSION);
    all.put("setting", config);
    all.put("imagesPerSecond", speeds);
    all.put("ratios", ratios);
    all.put(
        "residentMebibytes", residentMebibytes.isPresent() ? residentMebibytes.getAsLong() : null);
    return GSON.toJson(all) + "\n";
  }
}
