package dev.cxr.common.files;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes a file under a temporary name and renames it when it is complete. */
public final class AtomicFile {

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param path an empty file
     * @throws IOException if it cannot be written
     */
    void writeTo(Path path) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes {@code target} and replaces an existing file, which is kept on failure.
   *
   * @param target the file
   * @param content writes it
   * @throws UserErrorException if it is a folder, a device or a pipe, which a rename would replace
   * @throws IOException if the folder cannot be written or the disk is full
   */
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
      throw UserErrorException.of(
          "a file to write",
          "a folder, a device or a pipe at " + target,
          "Choose another path, or remove it first.");
    }
    Path folder = absolute.resolveSibling("");
    Files.createDirectories(folder);
    String prefix = StaleTempFiles.prefix(absolute.getFileName().toString());
    StaleTempFiles.deleteStale(folder, prefix);
    Path tempFile = Files.createFile(folder.resolve(prefix + UUID.randomUUID()));
    Thread cleanUp = new Thread(() -> tempFile.toFile().delete(), "remove-unfinished-file");
    AtomicFolder.addShutdownHook(cleanUp);
    try {
      content.writeTo(tempFile);
      moveIntoPlace(tempFile, absolute);
    } finally {
      Files.deleteIfExists(tempFile);
      AtomicFolder.removeShutdownHook(cleanUp);
    }
  }

  /**
   * Syncs a finished file to the disk and renames it to {@code target} in the same folder,
   * replacing an existing file.
   *
   * @param finished the file
   * @param target its new name
   * @throws IOException if the folder cannot be written
   */
  public static void moveIntoPlace(Path finished, Path target) throws IOException {
    AtomicFolder.sync(finished);
    Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
    AtomicFolder.sync(target.toAbsolutePath().resolveSibling(""));
  }
}
