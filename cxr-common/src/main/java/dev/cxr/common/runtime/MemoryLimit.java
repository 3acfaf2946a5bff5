package dev.cxr.common.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The memory that this process may use: the smallest of the limits of its cgroup (v1 and v2, with
 * all parents), {@code ulimit -v}, and the memory of the machine.
 *
 * @param bytes the limit
 * @param source where it is set: {@code cgroup /docker/1a2b}, {@code ulimit -v} or {@code physical
 *     memory}
 * @param peakFile the cgroup's file with the most memory that was used so far; empty path if there
 *     is none
 * @since 0.3
 */
public record MemoryLimit(long bytes, String source, Path peakFile) {

  private static final Path NO_FILE = Path.of("");

  /** A limit of this many bytes or more is none. */
  private static final long UNLIMITED = 1L << 60;

  private static final long SCARCE_BYTES = 4L << 30;

  /**
   * {@return whether it is below 4 GiB} Then memory is saved that otherwise buys constant use from
   * the start: a touched heap, a prefilled allocator.
   */
  public boolean isScarce() {
    return bytes < SCARCE_BYTES;
  }

  /** {@return the limit in force} */
  public static MemoryLimit current() {
    return read(Path.of("/"), physicalMemory());
  }

  /** The limit as the files of a Linux system below a root say. */
  static MemoryLimit read(Path root, long physicalBytes) {
    List<MemoryLimit> limits = new ArrayList<>();
    try {
      for (String line : lines(root.resolve("proc/self/limits"))) {
        if (line.startsWith("Max address space")) {
          addAddressSpace(
              line.replaceAll("Max address space\\s+(\\S+).*", "$1"),
              lines(root.resolve("proc/self/status")),
              limits);
        }
      }
      for (String line : lines(root.resolve("proc/self/cgroup"))) {
        String[] parts = line.split(":", 3); // number, controllers, path
        if (parts.length == 3 && parts[1].isEmpty()) {
          addCgroup(root, "sys/fs/cgroup", parts[2], "memory.max", "memory.peak", limits);
        } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
          addCgroup(
              root,
              "sys/fs/cgroup/memory",
              parts[2],
              "memory.limit_in_bytes",
              "memory.max_usage_in_bytes",
              limits);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Last: Java's own figure is that of the cgroup, and the first of equal limits counts.
    limits.add(new MemoryLimit(physicalBytes, "physical memory", NO_FILE));
    return limits.stream().min(Comparator.comparingLong(MemoryLimit::bytes)).orElseThrow();
  }

  /** Adds the limits of a cgroup and its parents; in a container only the root may be visible. */
  private static void addCgroup(
      Path root,
      String mount,
      String cgroup,
      String limitFile,
      String peakFile,
      List<MemoryLimit> limits)
      throws IOException {
    Path relative = Path.of(cgroup.replaceFirst("^/+", "")).normalize();
    for (Path path = relative; path != null; path = path.getParent()) {
      Path folder = root.resolve(mount).resolve(path);
      for (String limit : lines(folder.resolve(limitFile))) {
        add(limit, "cgroup /" + path, folder.resolve(peakFile), limits);
      }
    }
    for (String limit : lines(root.resolve(mount).resolve(limitFile))) {
      add(limit, "cgroup /", root.resolve(mount).resolve(peakFile), limits);
    }
  }

  /** Java and the engine reserve address space that they do not use. */
  private static void addAddressSpace(String bytes, List<String> status, List<MemoryLimit> limits) {
    if (isLimit(bytes)) {
      long reserved = kibibytes(status, "VmSize") - kibibytes(status, "VmRSS");
      long usable = Long.parseLong(bytes) - (reserved << 10);
      limits.add(new MemoryLimit(usable, "ulimit -v without what is only reserved", NO_FILE));
    }
  }

  private static long kibibytes(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  private static boolean isLimit(String bytes) {
    return bytes.matches("\\d{1,18}") && Long.parseLong(bytes) < UNLIMITED;
  }

  private static void add(String bytes, String source, Path peakFile, List<MemoryLimit> limits) {
    if (isLimit(bytes)) {
      limits.add(new MemoryLimit(Long.parseLong(bytes), source, peakFile));
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
  }

  private static long physicalMemory() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return system.getTotalMemorySize();
  }

  /** {@return the most memory in bytes that the cgroup has used; empty without one} */
  public OptionalLong peakBytes() {
    try {
      List<String> lines = peakFile.equals(NO_FILE) ? List.of() : lines(peakFile);
      return lines.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(lines.get(0).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return such as {@code 768 MiB (cgroup /docker/1a2b)}} */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d MiB (%s)", bytes >> 20, source);
  }
}
