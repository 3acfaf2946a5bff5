package dev.cxr.train.cli;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingListener;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints a training on the terminal and turns Ctrl-C and SIGTERM into a stop that saves first.
 *
 * <p>Closing it lets a process that is ending go.
 */
final class ConsoleListener implements TrainingListener, AutoCloseable {

  /** Less than the parent process waits before it kills this one. */
  private static final int MAX_SAVE_SECONDS = 25;

  private final StopSignal stop;
  private final Path resumeFolder;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "save-before-exit");
  private volatile boolean training;
  private @Nullable Progress bar;
  private String pass = "";
  private long done;

  /**
   * Follows one command.
   *
   * @param stop requested when the process is ending
   * @param resumeFolder to name in the command that resumes
   */
  ConsoleListener(StopSignal stop, Path resumeFolder) {
    this.stop = stop;
    this.resumeFolder = resumeFolder;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stopAndWait() {
    stop.request();
    try {
      if (training && !closed.await(MAX_SAVE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("cxr: exiting without a last checkpoint, which took too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onStart(Path runFolder) {
    training = true;
  }

  @Override
  public void onMessage(String message) {
    closeBar();
    System.out.println(message);
  }

  @Override
  public void onBatch(BatchMetrics batch) {
    update(
        "Epoch %d/%d".formatted(batch.epoch(), batch.epochs()),
        batch.images() - batch.size(),
        batch.images(),
        batch.epochImages(),
        String.format(
            Locale.ROOT,
            "batch %d/%d  loss %.4f",
            batch.batch(),
            batch.batches(),
            batch.meanLoss()));
  }

  @Override
  public void onProgress(String name, long doneNow, long total) {
    update(name, 0, doneNow, total, "");
  }

  private void update(String name, long doneBefore, long doneNow, long total, String note) {
    Progress open = bar;
    if (open == null || !name.equals(pass)) {
      closeBar();
      open = Progress.start(name, " images", total, doneBefore);
      bar = open;
      pass = name;
      done = doneBefore;
    }
    open.step(doneNow - done, note);
    done = doneNow;
    if (done >= total) {
      closeBar();
    }
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void onEpoch(EpochMetrics epoch, boolean best) {
    closeBar();
    System.out.printf(
        Locale.ROOT,
        "Epoch %2d  loss %.4f  validation: loss %.4f%s%s%s%n",
        epoch.epoch(),
        epoch.trainLoss(),
        epoch.validationLoss(),
        format("accuracy", epoch.validationAccuracy()),
        format("AUROC", epoch.validationAuroc()),
        best ? "  best so far" : "");
  }

  private static String format(String name, @Nullable Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "  %s %.4f", name, value);
  }

  @Override
  public void onEnd(Outcome outcome) {
    closeBar();
    if (outcome == Outcome.STOPPED) {
      printResumeCommand("Stopped and saved.");
    }
    training = false;
  }

  /** Prints how to resume. */
  void printResumeCommand(String reason) {
    System.out.printf(
        "%s Resume with:%n  %s%n",
        reason, SuggestedCommand.of("cxr-train", "train").option("--resume", resumeFolder).line());
    System.out.flush();
  }

  @Override
  public void close() {
    closeBar();
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is ending, and the hook no longer waits
    }
  }
}
