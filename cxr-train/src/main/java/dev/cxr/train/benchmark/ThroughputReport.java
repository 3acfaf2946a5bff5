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
 * Training throughput in images per second, one value per round.
 *
 * @param config what was measured
 * @param ceiling training on the same batch repeatedly
 * @param loop the training loop
 * @param dataLoading making batches, without training
 * @param residentMebibytes resident memory at the end; empty except on Linux
 */
public record ThroughputReport(
    Config config,
    BenchmarkSamples ceiling,
    BenchmarkSamples loop,
    BenchmarkSamples dataLoading,
    OptionalLong residentMebibytes) {

  private static final int SCHEMA_VERSION = 2;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  /**
   * What was measured.
   *
   * @param side of the images, in pixels
   * @param rounds of all measurements
   * @param batches per measurement
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

  /** {@return A table for people} */
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
    lines.add(ceiling.formatLine("one batch repeated (ceiling)", "img/s"));
    lines.add(loop.formatLine("training loop", "img/s"));
    lines.add(dataLoading.formatLine("data loading", "img/s"));
    lines.add(loopToCeiling().formatLine("loop / ceiling", ""));
    lines.add(dataLoadingToLoop().formatLine("data loading / loop", ""));
    residentMebibytes.ifPresent(
        mib -> lines.add(String.format(Locale.ROOT, "  %-30s %10d MiB", "resident memory", mib)));
    return lines.toString();
  }

  /** {@return the same as JSON, with the values of every round} */
  public String toJson() {
    Map<String, Object> speeds = new LinkedHashMap<>();
    speeds.put("ceiling", ceiling.statistics());
    speeds.put("loop", loop.statistics());
    speeds.put("dataLoading", dataLoading.statistics());
    Map<String, Object> ratios = new LinkedHashMap<>();
    ratios.put("loopToCeiling", loopToCeiling().statistics());
    ratios.put("dataLoadingToLoop", dataLoadingToLoop().statistics());
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
