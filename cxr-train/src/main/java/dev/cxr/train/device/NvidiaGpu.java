package dev.cxr.train.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A GPU that NVIDIA's driver lists.
 *
 * @param name such as {@code NVIDIA H100 80GB HBM3}
 * @param driver its version, such as {@code 550.54.15}
 * @param mebibytes of its memory
 */
public record NvidiaGpu(String name, String driver, long mebibytes) {

  private static final int TIMEOUT_SECONDS = 20;
  private static final int MAX_OUTPUT_BYTES = 1 << 16;

  /**
   * The GPUs that {@code nvidia-smi} lists; none without that program.
   *
   * @return one entry per GPU
   */
  public static List<NvidiaGpu> detect() {
    ProcessBuilder builder =
        new ProcessBuilder(
            "nvidia-smi",
            "--query-gpu=name,driver_version,memory.total",
            "--format=csv,noheader,nounits");
    try {
      Process process = builder.start();
      String output =
          new String(process.getInputStream().readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? parse(output) : List.of();
    } catch (IOException e) {
      return List.of(); // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /**
   * Parses the output of {@code nvidia-smi}; lines of another form are ignored.
   *
   * @param output name, driver version and MiB of one GPU per line
   * @return one entry per GPU
   */
  public static List<NvidiaGpu> parse(String output) {
    return output
        .lines()
        .map(line -> line.split(", *", -1))
        .filter(parts -> parts.length == 3 && parts[2].strip().matches("\\d{1,9}"))
        .map(parts -> new NvidiaGpu(parts[0], parts[1], Long.parseLong(parts[2].strip())))
        .toList();
  }

  @Override
  public String toString() {
    return "%s, %d MiB".formatted(name, mebibytes);
  }
}
