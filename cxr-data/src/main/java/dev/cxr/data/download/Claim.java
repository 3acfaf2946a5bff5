package dev.cxr.data.download;

import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One process's right to make a file or folder.
 *
 * <p>The operating system keeps it and takes it back when the process ends, however it ends. The
 * file {@code .NAME.lock} is there for it meanwhile.
 */
public final class Claim implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;

  private Claim(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Claims {@code target}, which need not exist; its folder must.
   *
   * @throws Refusal if another process, or another thread of this one, has claimed it
   */
  public static Claim on(Path target) throws IOException {
    Path file = target.resolveSibling("." + target.getFileName() + ".lock");
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw Refusal.of(
            "to be alone at work on " + target,
            "that another process is at it",
            "Wait until it ends, or name another place.");
      }
      if (Files.exists(file)) {
        return new Claim(file, channel);
      }
      // Whoever held it has just ended and taken the file away: the lock is on nothing.
      channel.close();
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
  }
}
