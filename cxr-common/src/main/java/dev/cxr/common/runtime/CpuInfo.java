package dev.cxr.common.runtime;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The CPU.
 *
 * @param model name; the architecture except on Linux
 * @param cores available to this process
 * @param flags such as {@code avx2}; empty except on Linux
 */
public record CpuInfo(String model, int cores, Set<String> flags) {

  /**
   * Reads {@code /proc/cpuinfo}.
   *
   * @return the CPU of this machine
   * @throws IOException if the file cannot be read
   */
  public static CpuInfo read() throws IOException {
    Map<String, String> properties = ProcFile.read("/proc/cpuinfo");
    return new CpuInfo(
        properties.getOrDefault("model name", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        Set.copyOf(
            Arrays.asList(
                properties
                    .getOrDefault("flags", properties.getOrDefault("Features", ""))
                    .split(" ", -1))));
  }

  /** {@return whether it has instructions for bfloat16} */
  public boolean computesBfloat16() {
    return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
  }

  @Override
  public String toString() {
    return "%s, %d %s".formatted(model, cores, cores == 1 ? "core" : "cores");
  }
}
