package dev.cxr.common.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a long task.
 *
 * <p>On a terminal it is a bar with the time left; elsewhere (a log, a pipe) a line every {@value
 * #SECONDS_BETWEEN_LINES} seconds, so that short tasks print nothing.
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
   * Starts a task that is counted in items.
   *
   * @param task the name of the task, such as {@code Epoch 1/30}
   * @param unit the items, as a plural in s with a leading space, such as {@code " images"}
   * @param total the number of items
   * @return the progress
   */
  public static Progress start(String task, String unit, long total) {
    return start(task, unit, total, 0);
  }

  /**
   * Resumes a task that is counted in items.
   *
   * @param task the name of the task
   * @param unit the items, as in {@link #start(String, String, long)}
   * @param total the number of items
   * @param alreadyDone the number of items done before; the speed does not include them
   * @return the progress
   */
  public static Progress start(String task, String unit, long total, long alreadyDone) {
    return start(ProgressTask.ofItems(task, unit, total, alreadyDone));
  }

  /**
   * Starts a task that is counted in bytes and shown in megabytes of 1,000,000 bytes.
   *
   * @param task the name of the task, such as {@code Downloading weights.zip}
   * @param total the number of bytes
   * @param alreadyDone the number of bytes done before; the speed does not include them
   * @return the progress
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

  static Progress withoutTerminal(ProgressTask task, LongSupplier nanoClock) {
    return new Progress(task, null, nanoClock);
  }

  /**
   * Adds to the amount done.
   *
   * @param amount the items or bytes done since the last call
   * @param note a text to show, such as the running loss
   */
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

  /** {@return whether a bar is shown and not lines} */
  @SuppressWarnings("SystemConsoleNull") // on Java 17 null means: not a terminal
  public static boolean isTerminal() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM"));
  }

  /** A task and its amounts; {@code scale} of them are one {@code unit}. */
  record ProgressTask(String name, String unit, long scale, long total, long alreadyDone) {

    static ProgressTask ofItems(String name, String unit, long total, long alreadyDone) {
      String singular = unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
      return new ProgressTask(name, total == 1 ? singular : unit, 1, total, alreadyDone);
    }

    static ProgressTask ofBytes(String name, long total, long alreadyDone) {
      return new ProgressTask(name, " MB", 1_000_000, total, alreadyDone);
    }

    /** {@code done} includes {@code alreadyDone}; {@code seconds} does not. */
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
