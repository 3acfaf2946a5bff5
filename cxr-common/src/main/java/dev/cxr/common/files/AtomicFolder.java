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
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Fills a folder under a temporary name and renames it when it is complete.
 *
 * <pre>{@code
 * try (AtomicFolder folder = AtomicFolder.create(target)) {
 *   Files.writeString(folder.path().resolve("a.txt"), "…");
 *   folder.commit();
 * }
 * }</pre>
 *
 * <p>Without {@link #commit()}, after an exception or on SIGTERM, nothing is left behind.
 */
public final class AtomicFolder implements AutoCloseable {

  private final Path target;
  private final Path tempFolder;
  private final List<Path> createdParents;
  private final Thread cleanUp;

  private AtomicFolder(Path target, Path tempFolder, List<Path> createdParents) {
    this.target = target;
    this.tempFolder = tempFolder;
    this.createdParents = createdParents;
    this.cleanUp = new Thread(() -> moveAndDelete(tempFolder), "remove-unfinished-folder");
  }

  /**
   * Creates the temporary folder, and missing parents.
   *
   * @param target the final path
   * @return the folder to fill
   * @throws UserErrorException if {@code target} exists
   * @throws IOException if the parent folder cannot be written
   */
  public static AtomicFolder create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      throw UserErrorException.of(
          "a new folder to write",
          "that %s exists already".formatted(target),
          "Choose another path, or remove it first: nothing is overwritten.");
    }
    Path parent = absolute.resolveSibling("");
    List<Path> missingParents = FileTree.missingParents(absolute);
    Files.createDirectories(parent);
    String prefix = StaleTempFiles.prefix(absolute.getFileName().toString());
    StaleTempFiles.deleteStale(parent, prefix);
    Path tempFolder = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()));
    AtomicFolder folder = new AtomicFolder(absolute, tempFolder, missingParents);
    addShutdownHook(folder.cleanUp);
    return folder;
  }

  /**
   * {@return the first of {@code base-001}, {@code base-002}, … that neither exists nor is being
   * filled by another process}
   *
   * @param base the path without number
   * @throws IOException if the parent folder cannot be read
   */
  public static Path nextFree(Path base) throws IOException {
    Path parent = base.toAbsolutePath().normalize().resolveSibling("");
    List<String> existingNames = List.of();
    if (Files.isDirectory(parent)) {
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

  /** {@return the temporary folder to fill} */
  public Path path() {
    return tempFolder;
  }

  /** {@return the final path} */
  public Path target() {
    return target;
  }

  /**
   * Syncs every file to the disk and renames the folder to its target.
   *
   * @throws UserErrorException if another process has created the target meanwhile; the folder is
   *     then kept under the next free name, which the message contains
   * @throws IOException if a file cannot be written
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
    sync(target.resolveSibling(""));
    if (taken) {
      throw UserErrorException.of(
          "no folder at " + target,
          "one that another process has just written",
          "Nothing is lost: this folder is in %s.".formatted(free));
    }
  }

  @Override
  public void close() {
    if (removeShutdownHook(cleanUp)) {
      FileTree.delete(tempFolder);
      FileTree.deleteEmpty(createdParents); // after a commit they are not empty
    }
  }

  /** Adds a shutdown hook, unless the process is already shutting down. */
  static void addShutdownHook(Thread cleanUp) {
    try {
      Runtime.getRuntime().addShutdownHook(cleanUp);
    } catch (IllegalStateException e) {
      return;
    }
  }

  /** Removes a shutdown hook; false if the process is shutting down and the hook runs. */
  static boolean removeShutdownHook(Thread cleanUp) {
    try {
      return Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  static void sync(Path path) throws IOException {
    // A folder must be opened for reading to be synced; Windows cannot sync folders.
    boolean isFolder = Files.isDirectory(path);
    if (isFolder && System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    StandardOpenOption mode = isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  /** Moves the folder first, since other threads may still fill it during shutdown. */
  private static void moveAndDelete(Path folder) {
    Path moved = folder.resolveSibling(folder.getFileName() + ".removed");
    try {
      Files.move(folder, moved, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return; // committed, or removed already
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    FileTree.delete(moved);
  }
}
