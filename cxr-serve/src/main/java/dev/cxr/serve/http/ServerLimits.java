package dev.cxr.serve.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.MemoryLimit;
import java.lang.management.ManagementFactory;

/**
 * What the server uses at most, so that it stays below the limits of its surroundings.
 *
 * @param maxConnections connections beyond it close others
 * @param maxDescriptors connections that are open or being closed; no more are accepted meanwhile
 * @param maxBodyBytes bodies in memory, in total
 * @param decodeThreads images that are decoded at one time
 * @param surroundings the limits that they follow from, for people
 */
record ServerLimits(
    int maxConnections,
    int maxDescriptors,
    long maxBodyBytes,
    int decodeThreads,
    String surroundings) {

  private static final int MOST_CONNECTIONS = 2_000;
  private static final int FEWEST_CONNECTIONS = 8;

  /** Files that Java and the engine may still open, such as jars. */
  private static final int RESERVED_FILES = 32;

  /** Buffers of a connection and the beginning of a body. */
  private static final long BYTES_PER_CONNECTION = 128 << 10;

  /** What the process needs besides images that are being decoded: heap, engine, code. */
  private static final long BASE_BYTES = 768L << 20;

  /** A large progressive JPEG outside the heap. */
  private static final long BYTES_PER_DECODER = 128L << 20;

  /**
   * The limits of this process, once it has loaded its models.
   *
   * @throws UserErrorException if too few files may be open
   */
  static ServerLimits detect() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof UnixOperatingSystemMXBean unix
        ? of(
            unix.getMaxFileDescriptorCount(),
            unix.getOpenFileDescriptorCount(),
            MemoryLimit.current(),
            Runtime.getRuntime())
        : of(Long.MAX_VALUE, 0, MemoryLimit.current(), Runtime.getRuntime());
  }

  static ServerLimits of(long maxFiles, long openFiles, MemoryLimit memory, Runtime runtime) {
    long freeFiles = maxFiles - openFiles - RESERVED_FILES;
    long heap = Math.min(runtime.maxMemory(), memory.bytes());
    if (freeFiles < 2 * FEWEST_CONNECTIONS) {
      long needed = openFiles + RESERVED_FILES + 2 * FEWEST_CONNECTIONS;
      throw UserErrorException.of(
          "at least %d open files allowed (ulimit -n)".formatted(needed),
          String.valueOf(maxFiles),
          "Raise the limit: ulimit -n 1024 before the command, LimitNOFILE=1024 in a systemd unit,"
              + " --ulimit nofile=1024 of a container.");
    }
    int connections =
        (int)
            Math.min(
                Math.min(MOST_CONNECTIONS, heap / BYTES_PER_CONNECTION),
                Math.max(FEWEST_CONNECTIONS, freeFiles * 3 / 4));
    int descriptors = (int) Math.min(freeFiles, connections + MOST_CONNECTIONS / 4);
    int decoders =
        (int)
            Math.max(
                1,
                Math.min(
                    Math.max(2, runtime.availableProcessors()),
                    (memory.bytes() - BASE_BYTES) / BYTES_PER_DECODER));
    return new ServerLimits(
        connections,
        descriptors,
        heap / 4,
        decoders,
        "%s open files, memory limit %s"
            .formatted(maxFiles == Long.MAX_VALUE ? "unlimited" : maxFiles, memory));
  }

  /** The same with another number of connections. */
  ServerLimits withConnections(int connections) {
    return new ServerLimits(
        connections, 4 * connections, maxBodyBytes, decodeThreads, surroundings);
  }

  /** Such as {@code 660 connections, 128 MiB of request bodies, …}. */
  @Override
  public String toString() {
    return "%d connections, %d MiB of request bodies, %d %s decoded at a time (%s)"
        .formatted(
            maxConnections,
            maxBodyBytes >> 20,
            decodeThreads,
            decodeThreads == 1 ? "image" : "images",
            surroundings);
  }
}
