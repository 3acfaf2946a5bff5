package dev.cxr.common.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a long piece of work has come.
 *
 * <p>On a terminal a bar with the time left; elsewhere (a log, a pipe) a plain line every {@value
 * #SECONDS_BETWEEN_LINES} seconds, so that short work prints nothing.
 */
public final class Progress implements AutoCloseable {

  private static final int SECONDS_BETWEEN_LINES = 15;

  private final ProgressTask task;
  private final @Nullable ProgressBar bar;
  private final LongSupplier nanoClock;
  private final long startNanos;
  private long lastLineNanos;
  private long done;

  private Progress(ProgressTask task, @Nullable ProgressBar bar, LongSupplier nanoClock) {
    this.task = task;
    this.bar = bar;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
    this.lastLineNanos = startNanos;
    this.done = task.alreadyDone();
  }

  /**
   * Begins a piece of work that is counted in things.
   *
   * @param task what is being done, such as {@code Epoch 1/30}
   * @param unit what is counted, in a plural that ends in s, with its leading space, such as {@code
   *     " images"}
   * @param total how many there are
   */
  public static Progress start(String task, String unit, long total) {
    return start(task, unit, total, 0);
  }

  /**
   * Goes on with a piece of work that is counted in things.
   *
   * @param alreadyDone how many of them are done already; they count as done but not for the speed
   */
  public static Progress start(String task, String unit, long total, long alreadyDone) {
    return start(ProgressTask.ofItems(task, unit, total, alreadyDone));
  }

  /**
   * Begins a piece of work that is counted in bytes and shown in megabytes of 1,000,000.
   *
   * @param task what is being done, such as {@code Fetching weights.zip}
   * @param total how many bytes there are
   * @param alreadyDone how many of them an earlier try has done already; they count as done but not
   *     for the speed
   */
  public static Progress startBytes(String task, long total, long alreadyDone) {
    return start(ProgressTask.ofBytes(task, total, alreadyDone));
  }

  private static Progress start(ProgressTask task) {
    if (!isTerminal()) {
      return withoutTerminal(task, System::nanoTime);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task.name())
            .setUnit(task.unit(), task.scale())
            .setInitialMax(task.total())
            .startsFrom(task.alreadyDone(), Duration.ZERO)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(200)
            .showSpeed()
            .clearDisplayOnFinish()
            .build();
    return new Progress(task, bar, System::nanoTime);
  }

  /** Where no terminal is. */
  static Progress withoutTerminal(ProgressTask task, LongSupplier nanoClock) {
    return new Progress(task, null, nanoClock);
  }

  /** Counts {@code amount} more as done and shows {@code note}, such as the running loss. */
  public void step(long amount, String note) {
    done += amount;
    if (bar != null) {
      bar.stepBy(amount);
      bar.setExtraMessage(" " + note);
      return;
    }
    long now = nanoClock.getAsLong();
    if (now - lastLineNanos >= Duration.ofSeconds(SECONDS_BETWEEN_LINES).toNanos()) {
      lastLineNanos = now;
      System.out.println(task.statusLine(done, (now - startNanos) / 1e9, note));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  /** Whether a bar is shown, rather than lines. */
  @SuppressWarnings("SystemConsoleNull") // on Java 17 null does mean: not a terminal
  public static boolean isTerminal() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM"));
  }

  /**
   * What there is to do, in its own amounts; {@code scale} of them are one {@code unit} to a
   * reader.
   */
  record ProgressTask(String name, String unit, long scale, long total, long alreadyDone) {

    static ProgressTask ofItems(String name, String unit, long total, long alreadyDone) {
      String singular = unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
      return new ProgressTask(name, total == 1 ? singular : unit, 1, total, alreadyDone);
    }

    static ProgressTask ofBytes(String name, long total, long alreadyDone) {
      return new ProgressTask(name, " MB", 1_000_000, total, alreadyDone);
    }

    /** {@code done} counts from the very beginning, {@code seconds} from this try's. */
    String statusLine(long done, double seconds, String note) {
      double perSecond = (done - alreadyDone) / seconds;
      String speed =
          scale == 1
              ? formatRoot("%.1f/s", perSecond)
              : formatRoot("%.1f%s/s", perSecond / scale, unit);
      String timeLeft =
          perSecond > 0 ? "  " + formatDuration((total - done) / perSecond) + " left" : "";
      return "%s  %s/%s%s  %s%s  %s"
          .formatted(name, formatAmount(done), formatAmount(total), unit, speed, timeLeft, note)
          .stripTrailing();
    }

    private String formatAmount(long amount) {
      return scale == 1 ? Long.toString(amount) : formatRoot("%.1f", (double) amount / scale);
    }

    private static String formatDuration(double seconds) {
      return seconds < 120 ? formatRoot("%.0f s", seconds) : formatRoot("%.0f min", seconds / 60);
    }

    private static String formatRoot(String format, Object... values) {
      return String.format(Locale.ROOT, format, values);
    }
  }
}
