package dev.cxr.data.shell;

import java.time.Duration;
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

  private final String task;
  private final long total;
  private final @Nullable ProgressBar bar;
  private final long started = System.nanoTime();
  private long lastLine = started;
  private long done;

  private Progress(String task, long total, @Nullable ProgressBar bar) {
    this.task = task;
    this.total = total;
    this.bar = bar;
  }

  /**
   * Begins a piece of work.
   *
   * @param task what is being done, such as {@code Epoch 1/30}
   * @param unit what is counted, with its leading space, such as {@code " images"}
   * @param total how many there are
   */
  public static Progress start(String task, String unit, long total) {
    if (!isTerminal()) {
      return new Progress(task, total, null);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(unit, 1)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(200)
            .showSpeed()
            .clearDisplayOnFinish()
            .build();
    return new Progress(task, total, bar);
  }

  /** Counts {@code amount} more as done and shows {@code note}, such as the running loss. */
  public void step(long amount, String note) {
    done += amount;
    if (bar != null) {
      bar.stepBy(amount);
      bar.setExtraMessage(" " + note);
      return;
    }
    long now = System.nanoTime();
    if (now - lastLine >= Duration.ofSeconds(SECONDS_BETWEEN_LINES).toNanos()) {
      lastLine = now;
      double elapsed = (now - started) / 1e9;
      System.out.printf(
          "%s  %d/%d  %.1f/s  %.0f s left  %s%n",
          task, done, total, done / elapsed, elapsed / done * (total - done), note);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  @SuppressWarnings("SystemConsoleNull") // on Java 17 null does mean: not a terminal
  private static boolean isTerminal() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM"));
  }
}
