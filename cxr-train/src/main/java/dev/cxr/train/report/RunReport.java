package dev.cxr.train.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.index.Task;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code report.json} holds; the module's README documents it.
 *
 * @param schemaVersion {@value #SCHEMA_VERSION}
 * @param name of the model
 * @param task the question
 * @param architecture the network
 * @param ended why it came to its end
 * @param keptEpoch the epoch whose weights the bundle has
 * @param epochs every epoch
 * @param threshold the operating threshold
 * @param validation the kept epoch's figures at it
 * @param data what was learned from
 * @param time over all starts
 * @param imagesPerSecond the median over epochs; null if there is none
 * @param peakMebibytes the most memory of any of its processes; null where the system does not tell
 * @param device what it was learned on
 * @param versions what it was made with
 * @param advice what to make of it
 * @param next the command to type next
 * @param recipe the resolved recipe
 */
public record RunReport(
    int schemaVersion,
    String disclaimer,
    String name,
    Task task,
    String architecture,
    End ended,
    int keptEpoch,
    List<EpochRecord> epochs,
    OperatingThreshold threshold,
    JsonElement validation,
    Manifest.DatasetInfo data,
    Time time,
    @Nullable Double imagesPerSecond,
    @Nullable Long peakMebibytes,
    String device,
    Manifest.Versions versions,
    List<Advice> advice,
    String next,
    JsonElement recipe) {

  private static final int SCHEMA_VERSION = 1;
  private static final String PAGE = "report.html";
  private static final String JSON = "report.json";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  /**
   * Why a run came to its end.
   *
   * @param early whether that was before the last epoch of the recipe
   * @param reason in a sentence
   */
  public record End(boolean early, String reason) {}

  /**
   * What a run knows of itself besides the files of its folder.
   *
   * @param manifest of its bundle
   * @param end why it came to its end
   * @param device what it was learned on, in words
   * @param next the command that judges the bundle
   */
  public record RunFacts(Manifest manifest, End end, String device, String next) {}

  /**
   * One epoch.
   *
   * @param epoch counted from 1
   * @param figures those of history.csv that it has
   * @param seconds training and validation; null if the log does not tell
   * @param imagesPerSecond of training; null if the log does not tell
   */
  record EpochRecord(
      int epoch,
      Map<String, Double> figures,
      @Nullable Double seconds,
      @Nullable Double imagesPerSecond) {}

  /**
   * How long it took.
   *
   * @param seconds over all starts
   * @param starts how many
   * @param killed starts without an end, of which the time after the last save is not counted
   */
  record Time(double seconds, int starts, int killed) {}

  /**
   * Writes {@code report.html} and {@code report.json} from the recipe, the history and the log in
   * a run folder.
   *
   * @throws IOException if these cannot be read, or the reports not written
   */
  public static void write(Path run, RunFacts facts) throws IOException {
    RunTimes times = RunTimes.read(run.resolve("run.log"), Instant.now());
    List<HistoryRow> epochs = HistoryRow.read(run.resolve("history.csv"));
    RunReport report = of(facts, epochs, times, ResidentMemory.peakMebibytes());
    String page = RunPage.of(report, epochs, Files.readString(run.resolve("recipe.yaml")));
    AtomicFile.write(
        run.resolve(JSON), aside -> Files.writeString(aside, GSON.toJson(report) + "\n"));
    AtomicFile.write(run.resolve(PAGE), aside -> Files.writeString(aside, page));
    if (!epochs.isEmpty()) {
      CurvesImage.write(HistoryCharts.of(epochs, report.keptEpoch()), run.resolve("curves.png"));
    }
  }

  static RunReport of(
      RunFacts facts, List<HistoryRow> epochs, RunTimes times, OptionalLong peakNow) {
    Manifest manifest = facts.manifest();
    return new RunReport(
        SCHEMA_VERSION,
        "Research software, not a medical device.",
        manifest.name(),
        manifest.task(),
        manifest.architecture(),
        facts.end(),
        manifest.epoch(),
        epochs.stream().map(epoch -> row(epoch, times.epochs().get(epoch.number()))).toList(),
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
        manifest.versions(),
        Advice.of(epochs, manifest.data().synthetic(), facts.end().early()),
        facts.next(),
        manifest.recipe());
  }

  private static @Nullable Double orNull(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static EpochRecord row(HistoryRow epoch, RunTimes.@Nullable EpochTime times) {
    return new EpochRecord(
        epoch.number(),
        epoch.metrics(),
        times == null ? null : times.seconds(),
        times == null ? null : times.imagesPerSecond());
  }
}
