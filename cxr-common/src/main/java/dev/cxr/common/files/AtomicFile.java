package dev.cxr.common.files;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file that is written aside and appears under its name only when it is complete. */
public final class AtomicFile {

  /** Writes the content of a file to the path it is given. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code path}, which exists and is empty. */
    void writeTo(Path path) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes {@code target}, replacing what stood there; on failure that stays as it was.
   *
   * @throws UserErrorException if a folder, a device or a pipe stands there: a rename would take
   *     its place
   * @throws IOException if the folder cannot be written or the disk is full
   */
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
      throw UserErrorException.of(
          "a file to write",
          "a folder, a device or a pipe at " + target,
          "Name another one, or remove it first.");
    }
    Path folder = parentOf(absolute);
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
   * Brings a finished file to the disk and gives it the name {@code target} in the same folder,
   * replacing what stood there.
   *
   * @throws IOException if the folder cannot be written
   */
  public static void moveIntoPlace(Path finished, Path target) throws IOException {
    AtomicFolder.sync(finished);
    Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
    AtomicFolder.sync(parentOf(target.toAbsolutePath()));
  }

  private static Path parentOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file");
    }
    return folder;
  }
}
