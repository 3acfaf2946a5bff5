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
import java.util.concurrent.ThreadLocalRandom;

/**
 * One process's right to make a file or folder.
 *
 * <p>The operating system keeps it and takes it back when the process ends, however it ends. The
 * file {@code .NAME.lock} is there for it meanwhile.
 */
public final class FileLock implements AutoCloseable {

  private final Path lockFile;
  private final FileChannel channel;

  private FileLock(Path lockFile, FileChannel channel) {
    this.lockFile = lockFile;
    this.channel = channel;
  }

  /**
   * Claims {@code target}, which need not exist; its folder must.
   *
   * @throws UserErrorException if another process, or another thread of this one, has claimed it
   */
  public static FileLock acquire(Path target) throws IOException {
    Path lockFile = target.resolveSibling("." + target.getFileName() + ".lock");
    while (true) {
      FileChannel channel =
          FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        channel.close();
        throw UserErrorException.of(
            "to be alone at work on " + target,
            "that another process is at it",
            "Wait until it ends, or name another place.");
      }
      if (isSameFile(lockFile, channel)) {
        return new FileLock(lockFile, channel);
      }
      // Whoever held it has just ended and taken the file away: the lock is on nothing.
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
   * Whether the file of that name is the one that is locked, not another made since. It is known by
   * a length drawn at random: to open it again would end the lock.
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
    Files.deleteIfExists(lockFile);
    channel.close();
  }
}
