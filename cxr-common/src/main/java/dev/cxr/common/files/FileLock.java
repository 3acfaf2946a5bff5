package dev.cxr.common.files;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive right of one process to create a file or folder.
 *
 * <p>The operating system releases the lock of the file {@code .NAME.lock} when the process ends,
 * even if it is killed.
 */
public final class FileLock implements AutoCloseable {

  /** Closing any channel of a locked file would release the lock of this whole process. */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path lockFile;
  private final FileChannel channel;

  private FileLock(Path lockFile, FileChannel channel) {
    this.lockFile = lockFile;
    this.channel = channel;
  }

  /**
   * Locks {@code target}, which need not exist; its folder must.
   *
   * @param target the file or folder
   * @return the lock, released by {@link #close}
   * @throws UserErrorException if another process or thread holds the lock
   * @throws IOException if the lock file cannot be written
   */
  public static FileLock acquire(Path target) throws IOException {
    Path lockFile = lockFile(target);
    if (HELD_HERE.add(lockFile)) {
      boolean locked = false;
      try {
        FileLock lock = lock(lockFile);
        if (lock != null) {
          locked = true;
          return lock;
        }
      } finally {
        if (!locked) {
          HELD_HERE.remove(lockFile);
        }
      }
    }
    throw UserErrorException.of(
        "no other process that writes " + target,
        "one that holds " + lockFile,
        "Wait until it ends, or choose another path.");
  }

  /**
   * {@return whether a process holds the lock of {@code target}}
   *
   * <p>To find out, it shares the lock for a moment, in which {@link #acquire} fails.
   *
   * @param target the file or folder, which need not exist
   * @throws IOException if the lock file cannot be read
   */
  public static boolean isHeld(Path target) throws IOException {
    Path lockFile = lockFile(target);
    if (HELD_HERE.contains(lockFile)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.READ)) {
      return channel.tryLock(0, Long.MAX_VALUE, true) == null;
    } catch (NoSuchFileException e) {
      return false;
    } catch (OverlappingFileLockException e) {
      return true; // held here, under another name
    }
  }

  private static Path lockFile(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    return absolute.resolveSibling("." + absolute.getFileName() + ".lock");
  }

  private static @Nullable FileLock lock(Path lockFile) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        channel.close();
        return null;
      }
      if (isSameFile(lockFile, channel)) {
        return new FileLock(lockFile, channel);
      }
      // The previous owner has just deleted the file: this lock is on a file without a name.
      channel.close();
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Whether the locked file still has its name, recognised by a random length: opening the file
   * again would release the lock.
   */
  private static boolean isSameFile(Path lockFile, FileChannel channel) throws IOException {
    int randomOffset = ThreadLocalRandom.current().nextInt(1 << 30);
    channel.truncate(0).write(ByteBuffer.allocate(1), randomOffset);
    try {
      return Files.size(lockFile) == randomOffset + 1L;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(lockFile);
    } finally {
      HELD_HERE.remove(lockFile);
    }
  }
}
