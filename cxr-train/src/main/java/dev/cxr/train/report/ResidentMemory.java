package dev.cxr.train.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How much memory this process has, the engine's included; a GPU's own apart. */
public final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /** In MiB, now; nothing where the system does not tell (only Linux does). */
  public static OptionalLong mebibytes() throws IOException {
    return read("VmRSS:");
  }

  /** In MiB, the most there was since the process started; nothing where it is not told. */
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
