package dev.cxr.common.download;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * Downloads files, with resume and checksum.
 *
 * <pre>{@code
 * new Downloader().fetch(file, Path.of("data/weights.zip"), 0);
 * }</pre>
 *
 * <p>The bytes received so far are kept beside the target as {@code NAME.part}, also after Ctrl-C,
 * a killed process or a lost connection. The next call resumes if the file on the server is
 * unchanged and starts over otherwise. The target gets its name when its checksum is right.
 *
 * <p>A lost connection and a busy server are retried, up to five times in a row without progress.
 * Redirects are followed, but never from https to http. No user name, cookie or password is sent.
 * Java's default proxy is used.
 *
 * @since 0.1
 */
public final class Downloader {

  private final RetryPolicy retryPolicy;
  private final ToLongFunction<Path> usableBytes;

  /** Creates a downloader. */
  public Downloader() {
    this(RetryPolicy.DEFAULT, folder -> folder.toFile().getUsableSpace());
  }

  Downloader(RetryPolicy retryPolicy, ToLongFunction<Path> usableBytes) {
    this.retryPolicy = retryPolicy;
    this.usableBytes = usableBytes;
  }

  /**
   * Downloads a file unless {@code target} already is that file; reports on standard output.
   *
   * @param file the file
   * @param target where to write it; its folder is created if missing
   * @param reserve free bytes required in addition, such as for unpacking; 0 for none
   * @return whether it was downloaded, false if it already existed with the right checksum
   * @throws UserErrorException if there is no space or connection, the file is not found or has
   *     another size or checksum than published, or another process is downloading it
   * @throws IOException if the disk cannot be read or written
   */
  @SuppressWarnings("try") // the lock is held, not used
  public boolean fetch(RemoteFile file, Path target, long reserve) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.resolveSibling("");
    Files.createDirectories(folder);
    try (FileLock lock = FileLock.acquire(absolute)) {
      PartialDownload partial = PartialDownload.forTarget(absolute);
      if (Files.exists(absolute)) {
        requireFree(folder, 0, reserve);
        verify(file, absolute, "a file with %s", "Remove it and run this again.");
        System.out.printf("%s exists already, and its checksum is right.%n", target);
        partial.delete();
        return false;
      }
      new DownloadTask(
              DownloadTask.newClient(),
              file,
              partial,
              target,
              retryPolicy,
              total -> requireFree(folder, Math.max(total - partial.length(), 0), reserve))
          .run();
      try {
        verify(
            file,
            partial.path(),
            "%s in the download from " + RemoteFile.redacted(file.uri()),
            "It has been removed. Run this again; if the checksum is the same again, the server has"
                + " another file than the published one.");
      } catch (UserErrorException e) {
        partial.delete();
        throw e;
      }
      partial.moveTo(absolute);
      return true;
    }
  }

  private void requireFree(Path folder, long needed, long reserve) {
    long usable = usableBytes.applyAsLong(folder);
    if (usable < needed + reserve) {
      String unpacking =
          reserve == 0 ? "" : " and %s to unpack".formatted(Megabytes.format(reserve));
      throw UserErrorException.of(
          "free space in %s: %s to download%s"
              .formatted(folder, Megabytes.format(needed), unpacking),
          "%s free".formatted(Megabytes.format(usable)),
          "Free some space, or choose a folder on another disk.");
    }
  }

  private static void verify(RemoteFile file, Path path, String foundFormat, String remedy)
      throws IOException {
    Checksum found = file.checksum().computeFor(path);
    if (!found.equals(file.checksum())) {
      throw UserErrorException.of(
          "%s with %s".formatted(path, file.checksum()), foundFormat.formatted(found), remedy);
    }
  }
}
