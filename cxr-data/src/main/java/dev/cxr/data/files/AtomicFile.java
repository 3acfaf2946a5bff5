package dev.cxr.data.files;

import dev.cxr.data.shell.Refusal;
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
   * @throws Refusal if a folder, a device or a pipe stands there: a rename would take its place
   * @throws IOException if the folder cannot be written or the disk is full
   */
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
      throw Refusal.of(
          "a file to write",
          "a folder, a device or a pipe at " + target,
          "Name another one, or remove it first.");
    }
    Path folder = folderOf(absolute);
    Files.createDirectories(folder);
    String prefix = Abandoned.prefix(absolute.getFileName().toString());
    Abandoned.remove(folder, prefix);
    Path aside = Files.createFile(folder.resolve(prefix + UUID.randomUUID()));
    Thread cleanUp = new Thread(() -> aside.toFile().delete(), "remove-unfinished-file");
    AtomicFolder.remember(cleanUp);
    try {
      content.writeTo(aside);
      rename(aside, absolute);
    } finally {
      Files.deleteIfExists(aside);
      AtomicFolder.forget(cleanUp);
    }
  }

  /**
   * Brings a finished file to the disk and gives it the name {@code target} in the same folder,
   * replacing what stood there.
   *
   * @throws IOException if the folder cannot be written
   */
  public static void rename(Path finished, Path target) throws IOException {
    AtomicFolder.synchronise(finished);
    Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
    AtomicFolder.synchronise(folderOf(target.toAbsolutePath()));
  }

  private static Path folderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file");
    }
    return folder;
  }
}
