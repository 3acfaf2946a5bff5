package dev.cxr.train.report;

import com.google.gson.JsonElement;
import dev.cxr.data.index.Task;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.loop.TrainingLoop;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code report.json}, which the module's README documents.
 *
 * @param schemaVersion {@value #SCHEMA_VERSION}
 * @param name of the model
 * @param task what it predicts
 * @param architecture of the network
 * @param ended why training ended
 * @param keptEpoch the epoch whose weights the bundle has
 * @param epochs every epoch
 * @param threshold the operating threshold
 * @param validationMetrics of the kept epoch at that threshold
 * @param data the training dataset
 * @param time over all starts
 * @param imagesPerSecond median over epochs; null without epochs
 * @param peakMebibytes maximum memory of the run's processes; null except on Linux
 * @param device of the last process
 * @param threads that the engine used in the last process
 * @param versions of the software
 * @param advice on the next run
 * @param next the command that evaluates the bundle
 * @param recipe the resolved recipe
 */
public record RunReport(
    int schemaVersion,
    String disclaimer,
    String name,
    Task task,
    String architecture,
    TrainingLoop.End ended,
    int keptEpoch,
    List<EpochRecord> epochs,
    OperatingThreshold threshold,
    JsonElement validationMetrics,
    Manifest.DatasetInfo data,
    Time time,
    @Nullable Double imagesPerSecond,
    @Nullable Long peakMebibytes,
    String device,
    int threads,
    Manifest.Versions versions,
    List<Advice> advice,
    String next,
    JsonElement recipe) {

  private static final int SCHEMA_VERSION = 2;

  /**
   * What the files of the run folder do not have.
   *
   * @param manifest of the bundle
   * @param end why training ended
   * @param history every epoch
   * @param device name of the device
   * @param threads of the engine
   * @param next the command that evaluates the bundle
   */
  public record RunFacts(
      Manifest manifest,
      TrainingLoop.End end,
      List<EpochMetrics> history,
      String device,
      int threads,
      String next) {}

  /**
   * One epoch.
   *
   * @param epoch from 1
   * @param metrics by the columns of history.csv; without those that are not defined
   * @param seconds training and validation; null if the log does not have it
   * @param imagesPerSecond of training; null if the log does not have it
   */
  record EpochRecord(
      int epoch,
      Map<String, Double> metrics,
      @Nullable Double seconds,
      @Nullable Double imagesPerSecond) {}

  /**
   * The duration of the run.
   *
   * @param seconds over all starts
   * @param starts of the run
   * @param killed starts without an end; their time after the last checkpoint is not counted
   */
  record Time(double seconds, int starts, int killed) {}

  static RunReport of(RunFacts facts, RunTimes times, OptionalLong peakNow) {
    Manifest manifest = facts.manifest();
    return new RunReport(
        SCHEMA_VERSION,
        "Research software, not a medical device.",
        manifest.name(),
        manifest.task(),
        manifest.architecture(),
        facts.end(),
        manifest.epoch(),
        facts.history().stream().map(e -> row(e, times.epochs().get(e.epoch()))).toList(),
        manifest.threshold(),
        manifest.validationMetrics(),
        manifest.data(),
        new Time(times.seconds(), times.starts(), times.killed()),
        orNull(times.imagesPerSecond()),
        Stream.of(times.peakMebibytes(), peakNow)
            .flatMap(peak -> peak.stream().boxed())
            .max(Long::compare)
            .orElse(null),
        facts.device(),
        facts.threads(),
        manifest.versions(),
        Advice.of(facts.history(), manifest.data().synthetic(), facts.end().early()),
        facts.next(),
        manifest.recipe());
  }

  private static @Nullable Double orNull(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static EpochRecord row(EpochMetrics epoch, RunTimes.@Nullable EpochTime times) {
    Map<String, Double> metrics = epoch.byColumn();
    metrics.values().removeIf(Objects::isNull);
    return new EpochRecord(
        epoch.epoch(),
        metrics,
        times == null ? null : times.seconds(),
        times == null ? null : times.imagesPerSecond());
  }
}
