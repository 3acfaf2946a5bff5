package dev.cxr.data.shell;

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

  private final Work work;
  private final @Nullable ProgressBar bar;
  private final LongSupplier nanoClock;
  private final long started;
  private long lastLine;
  private long done;

  private Progress(Work work, @Nullable ProgressBar bar, LongSupplier nanoClock) {
    this.work = work;
    this.bar = bar;
    this.nanoClock = nanoClock;
    this.started = nanoClock.getAsLong();
    this.lastLine = started;
    this.done = work.doneBefore();
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
   * @param doneBefore how many of them are done already; they count as done but not for the speed
   */
  public static Progress start(String task, String unit, long total, long doneBefore) {
    return start(Work.ofThings(task, unit, total, doneBefore));
  }

  /**
   * Begins a piece of work that is counted in bytes and shown in megabytes of 1,000,000.
   *
   * @param task what is being done, such as {@code Fetching weights.zip}
   * @param total how many bytes there are
   * @param doneBefore how many of them an earlier try has done already; they count as done but not
   *     for the speed
   */
  public static Progress startBytes(String task, long total, long doneBefore) {
    return start(Work.ofBytes(task, total, doneBefore));
  }

  private static Progress start(Work work) {
    if (!isTerminal()) {
      return plain(work, System::nanoTime);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(work.task())
            .setUnit(work.unit(), work.scale())
            .setInitialMax(work.total())
            .startsFrom(work.doneBefore(), Duration.ZERO)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(200)
            .showSpeed()
            .clearDisplayOnFinish()
            .build();
    return new Progress(work, bar, System::nanoTime);
  }

  /** Where no terminal is. */
  static Progress plain(Work work, LongSupplier nanoClock) {
    return new Progress(work, null, nanoClock);
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
    if (now - lastLine >= Duration.ofSeconds(SECONDS_BETWEEN_LINES).toNanos()) {
      lastLine = now;
      System.out.println(work.line(done, (now - started) / 1e9, note));
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
  record Work(String task, String unit, long scale, long total, long doneBefore) {

    static Work ofThings(String task, String unit, long total, long doneBefore) {
      String one = unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
      return new Work(task, total == 1 ? one : unit, 1, total, doneBefore);
    }

    static Work ofBytes(String task, long total, long doneBefore) {
      return new Work(task, " MB", 1_000_000, total, doneBefore);
    }

    /** {@code done} counts from the very beginning, {@code seconds} from this try's. */
    String line(long done, double seconds, String note) {
      double perSecond = (done - doneBefore) / seconds;
      String speed =
          scale == 1 ? text("%.1f/s", perSecond) : text("%.1f%s/s", perSecond / scale, unit);
      String left = perSecond > 0 ? "  " + time((total - done) / perSecond) + " left" : "";
      return "%s  %s/%s%s  %s%s  %s"
          .formatted(task, amount(done), amount(total), unit, speed, left, note)
          .stripTrailing();
    }

    private String amount(long amount) {
      return scale == 1 ? Long.toString(amount) : text("%.1f", (double) amount / scale);
    }

    private static String time(double seconds) {
      return seconds < 120 ? text("%.0f s", seconds) : text("%.0f min", seconds / 60);
    }

    private static String text(String format, Object... values) {
      return String.format(Locale.ROOT, format, values);
    }
  }
}
