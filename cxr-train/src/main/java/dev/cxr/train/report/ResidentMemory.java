package dev.cxr.train.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory of this process, with that of the engine, without GPU memory; known on Linux only. */
public final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /**
   * In MiB, now.
   *
   * @return empty except on Linux
   * @throws IOException if a file cannot be read or written
   */
  public static OptionalLong mebibytes() throws IOException {
    return read("VmRSS:");
  }

  /**
   * In MiB, the maximum since the process started.
   *
   * @return empty except on Linux
   * @throws IOException if a file cannot be read or written
   */
  public static OptionalLong peakMebibytes() throws IOException {
    return read("VmHWM:");
  }

  private static OptionalLong read(String name) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst();
  }
}
