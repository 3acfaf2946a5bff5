package dev.cxr.data.download;

import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room there is, asked before anything is fetched. */
@FunctionalInterface
interface Disk {

  /** Bytes that this process may still write into a folder that exists. */
  long usable(Path folder) throws IOException;

  /** The disk that the folder is on. */
  Disk REAL = folder -> Files.getFileStore(folder).getUsableSpace();

  /**
   * Refuses unless there is room.
   *
   * @param needed bytes that are still to come
   * @param spare bytes to stay free besides
   */
  default void require(Path folder, long needed, long spare) throws IOException {
    long usable = usable(folder);
    if (usable < needed + spare) {
      String unpacking = spare == 0 ? "" : " and %s to unpack it".formatted(Megabytes.of(spare));
      throw Refusal.of(
          "room in %s: %s to fetch%s".formatted(folder, Megabytes.of(needed), unpacking),
          "%s free".formatted(Megabytes.of(usable)),
          "Free some space, or choose a folder on another disk.");
    }
  }
}
