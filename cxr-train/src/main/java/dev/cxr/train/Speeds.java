package dev.cxr.train;

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
 * @param of what was measured
 * @param ceiling learning the same batch over and over
 * @param loop learning as a run does
 * @param feeding making batches alone
 * @param feedingEverything making batches alone, with every kind of augmentation
 * @param mebibytes resident memory at the end; empty where the system does not tell
 */
record Speeds(
    Setting of,
    BenchmarkSamples ceiling,
    BenchmarkSamples loop,
    BenchmarkSamples feeding,
    BenchmarkSamples feedingEverything,
    OptionalLong mebibytes) {

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
  record Setting(
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

  BenchmarkSamples feedingToLoop() {
    return feeding.dividedBy(loop);
  }

  BenchmarkSamples feedingEverythingToLoop() {
    return feedingEverything.dividedBy(loop);
  }

  /** A table for people. */
  String text() {
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    lines.add(
        "%s, batch %d, %d x %d, %s, %d rounds of %d batches; median (least to most)"
            .formatted(
                of.architecture(),
                of.batchSize(),
                of.side(),
                of.side(),
                of.memoryFormat(),
                of.rounds(),
                of.batches()));
    lines.add(ceiling.formatLine("resident batch, the ceiling", "img/s"));
    lines.add(loop.formatLine("real training loop", "img/s"));
    lines.add(feeding.formatLine("making batches alone", "img/s"));
    lines.add(feedingEverything.formatLine("the same, every augmentation", "img/s"));
    lines.add(loopToCeiling().formatLine("loop / ceiling", ""));
    lines.add(feedingToLoop().formatLine("batches alone / loop", ""));
    lines.add(feedingEverythingToLoop().formatLine("the same, every augmentation", ""));
    mebibytes.ifPresent(
        mib -> lines.add(String.format(Locale.ROOT, "  %-30s %10d MiB", "resident memory", mib)));
    return lines.toString();
  }

  /** The same for programs, each round's value included. */
  String json() {
    Map<String, Object> speeds = new LinkedHashMap<>();
    speeds.put("ceiling", ceiling.statistics());
    speeds.put("loop", loop.statistics());
    speeds.put("feeding", feeding.statistics());
    speeds.put("feedingEveryAugmentation", feedingEverything.statistics());
    Map<String, Object> ratios = new LinkedHashMap<>();
    ratios.put("loopToCeiling", loopToCeiling().statistics());
    ratios.put("feedingToLoop", feedingToLoop().statistics());
    ratios.put("feedingEveryAugmentationToLoop", feedingEverythingToLoop().statistics());
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("schemaVersion", SCHEMA_VERSION);
    all.put("setting", of);
    all.put("imagesPerSecond", speeds);
    all.put("ratios", ratios);
    all.put("residentMebibytes", mebibytes.isPresent() ? mebibytes.getAsLong() : null);
    return GSON.toJson(all) + "\n";
  }
}
