package dev.cxr.common.download;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room there is, asked before anything is fetched. */
@FunctionalInterface
interface DiskSpace {

  /** Bytes that this process may still write into a folder that exists. */
  long usableBytes(Path folder) throws IOException;

  /** The disk that the folder is on. */
  DiskSpace FILE_SYSTEM = folder -> Files.getFileStore(folder).getUsableSpace();

  /**
   * Refuses unless there is room.
   *
   * @param needed bytes that are still to come
   * @param reserve bytes to stay free besides
   */
  default void requireFree(Path folder, long needed, long reserve) throws IOException {
    long usable = usableBytes(folder);
    if (usable < needed + reserve) {
      String unpacking =
          reserve == 0 ? "" : " and %s to unpack it".formatted(Megabytes.format(reserve));
      throw UserErrorException.of(
          "room in %s: %s to fetch%s".formatted(folder, Megabytes.format(needed), unpacking),
          "%s free".formatted(Megabytes.format(usable)),
          "Free some space, or choose a folder on another disk.");
    }
  }
}
