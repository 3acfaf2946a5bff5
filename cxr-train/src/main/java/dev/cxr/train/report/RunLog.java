package dev.cxr.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/** {@code run.log}: times and memory of a run, one line an epoch. */
final class RunLog implements AutoCloseable {

  private final PrintWriter out;

  private RunLog(PrintWriter out) {
    this.out = out;
  }

  /** Goes on with the log of a run that is resumed. */
  static RunLog open(Path file) throws IOException {
    return new RunLog(
        new PrintWriter(
            Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
  }

  /** Takes down how fast an epoch's training was and how large the process is after it. */
  void epoch(int epoch, double seconds, double imagesPerSecond) throws IOException {
    OptionalLong memory = ResidentMemory.mebibytes();
    out.printf(
        "%s  epoch %d  %.1f s training  %.1f img/s  %s MiB resident%n",
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        epoch,
        seconds,
        imagesPerSecond,
        memory.isPresent() ? memory.getAsLong() : "?");
    out.flush();
  }

  @Override
  public void close() {
    out.close();
  }
}
