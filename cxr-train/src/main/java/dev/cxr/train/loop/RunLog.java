package dev.cxr.train.loop;

import dev.cxr.common.runtime.ProcFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * {@code run.log}: times and memory of a run, a line for every start, epoch, checkpoint and end.
 * Before the end of a failed start is a line {@code failed}.
 *
 * <pre>
 * 2026-03-01T09:00:00.000Z  start
 * 2026-03-01T09:10:00.000Z  saved
 * 2026-03-01T09:12:30.250Z  epoch 1  730.1 s training  38.0 img/s  3854 MiB resident  3901 MiB peak
 * 2026-03-01T09:12:31.000Z  end
 * </pre>
 */
public final class RunLog implements AutoCloseable {

  /** Its name in a run folder. */
  public static final String FILE = "run.log";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final PrintWriter out;

  /**
   * Opens the log of a run, which a resumed run continues.
   *
   * @param file the file
   * @throws IOException if a file cannot be read or written
   */
  public RunLog(Path file) throws IOException {
    out =
        new PrintWriter(
            Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    line("start");
  }

  /**
   * Logs the speed of an epoch's training and the memory of the process after it.
   *
   * @param epoch from 1
   * @param seconds of training
   * @param imagesPerSecond of training
   * @throws IOException if a file cannot be read or written
   */
  public void epoch(int epoch, double seconds, double imagesPerSecond) throws IOException {
    line(
        String.format(
            Locale.ROOT,
            "epoch %d  %.1f s training  %.1f img/s  %s MiB resident  %s MiB peak",
            epoch,
            seconds,
            imagesPerSecond,
            text(ProcFile.residentMebibytes()),
            text(ProcFile.peakMebibytes())));
  }

  /** Logs a checkpoint. */
  public void saved() {
    line("saved");
  }

  /** Logs that an error ends the run; not its message, which may name images. */
  public void failed() {
    line("failed");
  }

  private static String text(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "?";
  }

  private void line(String text) {
    out.printf("%s  %s%n", TIME.format(Instant.now()), text);
    out.flush();
  }

  @Override
  public void close() {
    line("end");
    out.close();
  }
}
