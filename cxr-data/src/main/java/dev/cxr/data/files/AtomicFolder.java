package dev.cxr.data.files;

import dev.cxr.data.shell.Refusal;
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
  private final Path aside;
  private final Thread cleanUp;

  private AtomicFolder(Path parent, Path target, Path aside) {
    this.parent = parent;
    this.target = target;
    this.aside = aside;
    this.cleanUp = new Thread(() -> moveAndDelete(aside), "remove-unfinished-folder");
  }

  /**
   * Makes the hidden sibling of {@code target} that is filled first, and parents where missing.
   *
   * @throws Refusal if something stands at {@code target} already
   * @throws IOException if the parent folder cannot be written
   */
  public static AtomicFolder create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      throw Refusal.of(
          "a new folder to write",
          "that %s exists already".formatted(target),
          "Name another one, or remove it first: nothing is overwritten.");
    }
    Path parent = absolute.getParent();
    if (parent == null) {
      throw Refusal.ofUsage("a folder to write", target.toString(), "Name one inside another.");
    }
    Files.createDirectories(parent);
    String prefix = Abandoned.prefix(absolute.getFileName().toString());
    Abandoned.remove(parent, prefix);
    Path aside = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()));
    AtomicFolder folder = new AtomicFolder(parent, absolute, aside);
    remember(folder.cleanUp);
    return folder;
  }

  /**
   * The first of {@code base-001}, {@code base-002}, … that does not exist and that no other
   * process is filling.
   */
  public static Path nextFree(Path base) throws IOException {
    Path parent = base.toAbsolutePath().normalize().getParent();
    List<String> taken = List.of();
    if (parent != null && Files.isDirectory(parent)) {
      try (Stream<Path> siblings = Files.list(parent)) {
        taken = siblings.map(path -> path.getFileName().toString()).toList();
      }
    }
    for (int i = 1; ; i++) {
      String name = "%s-%03d".formatted(base.getFileName(), i);
      String unfinished = Abandoned.prefix(name);
      if (taken.stream().noneMatch(t -> t.equals(name) || t.startsWith(unfinished))) {
        return base.resolveSibling(name);
      }
    }
  }

  /** The folder to fill. */
  public Path path() {
    return aside;
  }

  /** Where it will appear. */
  public Path target() {
    return target;
  }

  /**
   * Brings every file to the disk and gives the folder its name.
   *
   * @throws Refusal if another process took that name meanwhile; what was written is then kept
   *     under the next free one, which the message tells
   */
  public void commit() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(aside)) {
      all = walk.toList();
    }
    for (Path path : all) {
      synchronise(path);
    }
    boolean taken = Files.exists(target);
    Path free = taken ? nextFree(target) : target;
    Files.move(aside, free, StandardCopyOption.ATOMIC_MOVE);
    synchronise(parent);
    if (taken) {
      throw Refusal.of(
          "nothing at " + target,
          "that another process has written it meanwhile",
          "Nothing is lost: this one is in %s.".formatted(free));
    }
  }

  @Override
  public void close() {
    if (forget(cleanUp)) {
      delete(aside);
    }
  }

  /** Adds a shutdown hook; none if the process is going, which may still have work to save. */
  static void remember(Thread cleanUp) {
    try {
      Runtime.getRuntime().addShutdownHook(cleanUp);
    } catch (IllegalStateException e) {
      return;
    }
  }

  /** Takes a shutdown hook back; false if the process is going and the hook is at work. */
  static boolean forget(Thread cleanUp) {
    try {
      return Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  static void synchronise(Path path) throws IOException {
    // Folders must be opened for reading to be synchronised; Windows cannot do that at all.
    boolean isFolder = Files.isDirectory(path);
    if (isFolder && System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    StandardOpenOption how = isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, how)) {
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
    delete(moved);
  }

  /** Removes a file, or a folder with all that is in it. */
  static void delete(Path folder) {
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
