package dev.cxr.common.files;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder that is filled aside and appears under its name only when it is complete.
 *
 * <pre>{@code
 * try (AtomicFolder folder = AtomicFolder.create(target)) {
 *   Files.writeString(folder.path().resolve("a.txt"), "…");
 *   folder.commit();
 * }
 * }</pre>
 *
 * <p>Without {@link #commit()}, be it for an exception or because the process is told to stop,
 * nothing is left behind.
 */
public final class AtomicFolder implements AutoCloseable {

  private final Path parent;
  private final Path target;
  private final Path tempFolder;
  private final Thread cleanUp;

  private AtomicFolder(Path parent, Path target, Path tempFolder) {
    this.parent = parent;
    this.target = target;
    this.tempFolder = tempFolder;
    this.cleanUp = new Thread(() -> moveAndDelete(tempFolder), "remove-unfinished-folder");
  }

  /**
   * Makes the hidden sibling of {@code target} that is filled first, and parents where missing.
   *
   * @throws UserErrorException if something stands at {@code target} already
   * @throws IOException if the parent folder cannot be written
   */
  public static AtomicFolder create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      throw UserErrorException.of(
          "a new folder to write",
          "that %s exists already".formatted(target),
          "Name another one, or remove it first: nothing is overwritten.");
    }
    Path parent = absolute.getParent();
    if (parent == null) {
      throw UserErrorException.ofUsage(
          "a folder to write", target.toString(), "Name one inside another.");
    }
    Files.createDirectories(parent);
    String prefix = StaleTempFiles.prefix(absolute.getFileName().toString());
    StaleTempFiles.deleteStale(parent, prefix);
    Path tempFolder = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()));
    AtomicFolder folder = new AtomicFolder(parent, absolute, tempFolder);
    addShutdownHook(folder.cleanUp);
    return folder;
  }

  /**
   * The first of {@code base-001}, {@code base-002}, … that does not exist and that no other
   * process is filling.
   */
  public static Path nextFree(Path base) throws IOException {
    Path parent = base.toAbsolutePath().normalize().getParent();
    List<String> existingNames = List.of();
    if (parent != null && Files.isDirectory(parent)) {
      try (Stream<Path> siblings = Files.list(parent)) {
        existingNames = siblings.map(path -> path.getFileName().toString()).toList();
      }
    }
    for (int i = 1; ; i++) {
      String name = "%s-%03d".formatted(base.getFileName(), i);
      String unfinished = StaleTempFiles.prefix(name);
      if (existingNames.stream().noneMatch(t -> t.equals(name) || t.startsWith(unfinished))) {
        return base.resolveSibling(name);
      }
    }
  }

  /** The folder to fill. */
  public Path path() {
    return tempFolder;
  }

  /** Where it will appear. */
  public Path target() {
    return target;
  }

  /**
   * Brings every file to the disk and gives the folder its name.
   *
   * @throws UserErrorException if another process took that name meanwhile; what was written is
   *     then kept under the next free one, which the message tells
   */
  public void commit() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(tempFolder)) {
      all = walk.toList();
    }
    for (Path path : all) {
      sync(path);
    }
    boolean taken = Files.exists(target);
    Path free = taken ? nextFree(target) : target;
    Files.move(tempFolder, free, StandardCopyOption.ATOMIC_MOVE);
    sync(parent);
    if (taken) {
      throw UserErrorException.of(
          "nothing at " + target,
          "that another process has written it meanwhile",
          "Nothing is lost: this one is in %s.".formatted(free));
    }
  }

  @Override
  public void close() {
    if (removeShutdownHook(cleanUp)) {
      deleteRecursively(tempFolder);
    }
  }

  /** Adds a shutdown hook; none if the process is going, which may still have work to save. */
  static void addShutdownHook(Thread cleanUp) {
    try {
      Runtime.getRuntime().addShutdownHook(cleanUp);
    } catch (IllegalStateException e) {
      return;
    }
  }

  /** Takes a shutdown hook back; false if the process is going and the hook is at work. */
  static boolean removeShutdownHook(Thread cleanUp) {
    try {
      return Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  static void sync(Path path) throws IOException {
    // Folders must be opened for reading to be synchronised; Windows cannot do that at all.
    boolean isFolder = Files.isDirectory(path);
    if (isFolder && System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    StandardOpenOption mode = isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  /** At the end of the process other threads still run: moved away, it can no longer be filled. */
  private static void moveAndDelete(Path folder) {
    Path moved = folder.resolveSibling(folder.getFileName() + ".removed");
    try {
      Files.move(folder, moved, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return; // committed, or removed already
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    deleteRecursively(moved);
  }

  /** Removes a file, or a folder with all that is in it. */
  public static void deleteRecursively(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
