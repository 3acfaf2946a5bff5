package dev.cxr.train.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a run took, over all its starts: {@link RunLog} read back.
 *
 * @param seconds from each start to its end; of one that was killed, to the last it took down
 * @param starts how often it was started
 * @param killed how many of these had no end
 * @param epochs by number
 * @param peakMebibytes the most memory that any of its processes had; nothing where the system does
 *     not tell
 */
record RunTimes(
    double seconds,
    int starts,
    int killed,
    Map<Integer, EpochTime> epochs,
    OptionalLong peakMebibytes) {

  static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Pattern LINE = Pattern.compile("(\\S+)  (.*)");
  private static final Pattern EPOCH =
      Pattern.compile("epoch (\\d+)  .*?  ([\\d.]+) img/s  .*?  (?:(\\d+)|\\?) MiB peak");

  /**
   * One epoch.
   *
   * @param seconds training and validation, what was stopped on the way included
   * @param imagesPerSecond of its training, by the process that ended it
   */
  record EpochTime(double seconds, double imagesPerSecond) {}

  /**
   * Reads a log.
   *
   * @param now until when the last start has lasted, which has not ended yet
   */
  static RunTimes read(Path log, Instant now) throws IOException {
    return of(Files.readAllLines(log), now);
  }

  static RunTimes of(List<String> lines, Instant now) {
    Reader reader = new Reader();
    lines.forEach(reader::line);
    return reader.times(now);
  }

  /** The middle of the epochs; nothing if there is none. */
  OptionalDouble imagesPerSecond() {
    double[] sorted =
        epochs.values().stream().mapToDouble(EpochTime::imagesPerSecond).sorted().toArray();
    int n = sorted.length;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
  }

  /** Goes through the lines; the time up to an epoch's line is that epoch's. */
  private static final class Reader {
    private final Map<Integer, EpochTime> epochs = new TreeMap<>();
    private Instant lastTime = Instant.EPOCH;
    private boolean running;
    private double seconds;
    private double secondsSinceEpoch;
    private int starts;
    private int ends;
    private long peak;

    void line(String line) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        return; // cut short by a kill
      }
      Instant at;
      try {
        at = Instant.parse(parts.group(1));
      } catch (DateTimeParseException e) {
        return; // no line of ours, or damaged: a log is no reason to lose a run
      }
      if (parts.group(2).equals("start")) {
        starts++;
        running = true;
        lastTime = at;
        return;
      }
      advance(at);
      if (parts.group(2).equals("end")) {
        ends++;
        running = false;
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

    /** A clock that was set back adds nothing. */
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
          peak == 0 ? OptionalLong.empty() : OptionalLong.of(peak));
    }
  }
}
