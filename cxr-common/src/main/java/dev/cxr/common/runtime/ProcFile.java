package dev.cxr.common.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Files of Linux about the machine and this process: lines of a name, a colon and a value. */
public final class ProcFile {

  private ProcFile() {}

  /**
   * Reads a file.
   *
   * @param file such as {@code /proc/cpuinfo}
   * @return the first value of each name; empty except on Linux
   * @throws IOException if the file cannot be read
   */
  public static Map<String, String> read(String file) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    Path path = Path.of(file);
    if (Files.isReadable(path)) {
      for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
        String[] parts = line.split(":", 2);
        if (parts.length == 2) {
          values.putIfAbsent(parts[0].strip(), parts[1].strip());
        }
      }
    }
    return values;
  }

  /**
   * The memory of this process, with that of the engine, without GPU memory.
   *
   * @return MiB now; empty except on Linux
   * @throws IOException if a file cannot be read or written
   */
  public static OptionalLong residentMebibytes() throws IOException {
    return mebibytes("/proc/self/status", "VmRSS");
  }

  /**
   * The maximum of {@link #residentMebibytes} since the process started.
   *
   * @return MiB; empty except on Linux
   * @throws IOException if a file cannot be read or written
   */
  public static OptionalLong peakMebibytes() throws IOException {
    return mebibytes("/proc/self/status", "VmHWM");
  }

  /**
   * A value in kB.
   *
   * @param file such as {@code /proc/meminfo}
   * @param name of the value
   * @return MiB; empty without that value
   * @throws IOException if the file cannot be read
   */
  public static OptionalLong mebibytes(String file, String name) throws IOException {
    String value = read(file).get(name);
    return value == null
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(value.replaceAll("\\D", "")) / 1024);
  }
}
