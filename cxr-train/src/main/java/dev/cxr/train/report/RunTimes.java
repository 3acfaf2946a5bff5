package dev.cxr.train.report;

import dev.cxr.train.loop.RunLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The duration of a run over all its starts, read from its {@link RunLog}.
 *
 * @param seconds from each start to its end; of a killed one to its last line
 * @param starts of the run
 * @param killed starts without an end
 * @param epochs by number
 * @param peakMebibytes maximum memory of the run's processes; empty except on Linux
 * @param firstStart when the run began; empty without a start
 * @param lastLine when the log was written last; empty without a line
 * @param lastStart how the last start ended
 */
public record RunTimes(
    double seconds,
    int starts,
    int killed,
    Map<Integer, EpochTime> epochs,
    OptionalLong peakMebibytes,
    Optional<Instant> firstStart,
    Optional<Instant> lastLine,
    LastStart lastStart) {

  private static final long MAX_BYTES = 64 << 20;
  private static final Pattern LINE = Pattern.compile("(\\S+)  (.*)");
  private static final Pattern EPOCH =
      Pattern.compile("epoch (\\d+)  .*?  ([\\d.]+) img/s  .*?  (?:(\\d+)|\\?) MiB peak");

  /** How a start ended, as far as the log shows. */
  public enum LastStart {
    /** Without an end: it still runs, or was killed. */
    OPEN,
    /** Complete, or stopped by the user. */
    ENDED,
    /** By an error. */
    FAILED
  }

  /**
   * One epoch.
   *
   * @param seconds training and validation, with interrupted attempts
   * @param imagesPerSecond of training, in the process that ended the epoch
   */
  public record EpochTime(double seconds, double imagesPerSecond) {}

  /**
   * Reads a log; one that is missing or has more than 64 MiB has no lines.
   *
   * @param log the file
   * @param now the end of a start that is still running
   * @return what it shows
   * @throws IOException if it cannot be read
   */
  public static RunTimes read(Path log, Instant now) throws IOException {
    if (!Files.isRegularFile(log) || Files.size(log) > MAX_BYTES) {
      return of(List.of(), now);
    }
    return of(Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList(), now);
  }

  static RunTimes of(List<String> lines, Instant now) {
    Reader reader = new Reader();
    lines.forEach(reader::line);
    return reader.times(now);
  }

  /**
   * {@return a duration for people, such as {@code 3 h 5 min}, {@code 12 min 30 s} or {@code 4.2
   * s}}
   *
   * @param seconds the duration
   */
  public static String duration(double seconds) {
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d min %d s".formatted(whole / 60, whole % 60)
        : "%d h %d min".formatted(whole / 3600, whole % 3600 / 60);
  }

  /** The median over the epochs; empty without epochs. */
  OptionalDouble imagesPerSecond() {
    double[] sorted =
        epochs.values().stream().mapToDouble(EpochTime::imagesPerSecond).sorted().toArray();
    int n = sorted.length;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
  }

  /** Reads line by line; the time up to an epoch's line belongs to that epoch. */
  private static final class Reader {
    private final Map<Integer, EpochTime> epochs = new TreeMap<>();
    private Optional<Instant> firstStart = Optional.empty();
    private Optional<Instant> lastLine = Optional.empty();
    private Instant lastTime = Instant.EPOCH;
    private boolean running;
    private boolean failed;
    private double seconds;
    private double secondsSinceEpoch;
    private int starts;
    private int ends;
    private long peak;

    void line(String line) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        return; // truncated when the process was killed
      }
      Instant at;
      try {
        at = Instant.parse(parts.group(1));
      } catch (DateTimeParseException e) {
        return; // damaged: a log must not fail the run
      }
      lastLine = Optional.of(at);
      if (parts.group(2).equals("start")) {
        starts++;
        firstStart = firstStart.or(() -> Optional.of(at));
        running = true;
        failed = false;
        lastTime = at;
        return;
      }
      advance(at);
      if (parts.group(2).equals("end")) {
        ends++;
        running = false;
        return;
      }
      if (parts.group(2).equals("failed")) {
        failed = true;
        return;
      }
      Matcher epoch = EPOCH.matcher(parts.group(2));
      if (epoch.matches()) {
        EpochTime seen = new EpochTime(secondsSinceEpoch, Double.parseDouble(epoch.group(2)));
        epochs.merge(
            Integer.valueOf(epoch.group(1)),
            seen,
            (first, again) ->
                new EpochTime(first.seconds() + again.seconds(), again.imagesPerSecond()));
        secondsSinceEpoch = 0;
        peak = Math.max(peak, epoch.group(3) == null ? 0 : Long.parseLong(epoch.group(3)));
      }
    }

    /** A clock that was set back adds no time. */
    private void advance(Instant to) {
      if (running) {
        double elapsed = Math.max(0, Duration.between(lastTime, to).toMillis() / 1e3);
        seconds += elapsed;
        secondsSinceEpoch += elapsed;
      }
      lastTime = to;
    }

    RunTimes times(Instant now) {
      int stillRunning = running ? 1 : 0;
      advance(now);
      return new RunTimes(
          seconds,
          starts,
          starts - ends - stillRunning,
          epochs,
          peak == 0 ? OptionalLong.empty() : OptionalLong.of(peak),
          firstStart,
          lastLine,
          failed
              ? LastStart.FAILED
              : ends == 0 || stillRunning > 0 ? LastStart.OPEN : LastStart.ENDED);
    }
  }
}
