package dev.cxr.common.download;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Fetches files from the network.
 *
 * <pre>{@code
 * new Download().fetch(file, Path.of("data/weights.zip"), 0);
 * }</pre>
 *
 * <p>What has come so far stands beside the target as {@code NAME.part}. It outlives Ctrl-C, a
 * killed process and a lost connection: the next call goes on after its last byte, if the server
 * still has the same edition of the file, and begins anew otherwise, which it says. The target gets
 * its name when all bytes are on the disk and their checksum is right.
 *
 * <p>A lost connection and a busy server are tried again, five times in a row without one byte
 * more. Redirects are followed, but not out of https. No user name, cookie or password is ever
 * sent. Java's default proxy is used.
 */
public final class Downloader {

  /** The most bytes of a file whose size is not published: 8 GB. */
  public static final long MAX_BYTES = 8_000_000_000L;

  private final DownloadClient http;
  private final RetryPolicy retryPolicy;
  private final DiskSpace diskSpace;

  /** With the patience and the disk of a real download. */
  public Downloader() {
    this(RetryPolicy.DEFAULT, DiskSpace.FILE_SYSTEM);
  }

  Downloader(RetryPolicy retryPolicy, DiskSpace diskSpace) {
    this.http = new DownloadClient(retryPolicy);
    this.retryPolicy = retryPolicy;
    this.diskSpace = diskSpace;
  }

  /**
   * Makes {@code target} the whole file with the right checksum, and tells on standard output how.
   *
   * @param target a file; its folder is made where missing
   * @param reserve bytes that must be free besides, such as for unpacking it; 0 for none
   * @return whether it was fetched; false if it stood there already, with the right checksum
   * @throws UserErrorException if it cannot be had: no room, no connection, not found, another size
   *     or checksum than published, another process at work on it
   * @throws IOException if the disk cannot be read or written
   */
  @SuppressWarnings("try") // the claim is held, not used
  public boolean fetch(RemoteFile file, Path target, long reserve) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw UserErrorException.ofUsage(
          "a file to fetch into", target.toString(), "Name one in a folder.");
    }
    Files.createDirectories(folder);
    try (FileLock lock = FileLock.acquire(absolute)) {
      PartialDownload partial = PartialDownload.forTarget(absolute);
      if (Files.exists(absolute)) {
        diskSpace.requireFree(folder, 0, reserve);
        verifyExisting(file, absolute);
        partial.delete();
        return false;
      }
      new DownloadTask(
              file,
              partial,
              target,
              http,
              retryPolicy,
              total -> requireDiskSpace(total, partial, folder, reserve))
          .run();
      verifyDownloaded(file, partial, target);
      partial.moveTo(absolute);
      return true;
    }
  }

  private void requireDiskSpace(long total, PartialDownload partial, Path folder, long reserve)
      throws IOException {
    diskSpace.requireFree(folder, Math.max(total - partial.length(), 0), reserve);
  }

  private static void verifyExisting(RemoteFile file, Path target) throws IOException {
    Checksum found = file.checksum().computeFor(target);
    if (!found.equals(file.checksum())) {
      throw UserErrorException.of(
          "%s with %s".formatted(target, file.checksum()),
          "another file there, with " + found,
          "Remove it, and run this again to fetch the right one.");
    }
    System.out.printf("%s is there already, and its checksum is right.%n", target);
  }

  private static void verifyDownloaded(RemoteFile file, PartialDownload partial, Path target)
      throws IOException {
    Checksum found = file.checksum().computeFor(partial.path());
    if (!found.equals(file.checksum())) {
      partial.delete();
      throw UserErrorException.of(
          "%s with %s".formatted(target.getFileName(), file.checksum()),
          "%s in what came from %s".formatted(found, WebAddress.redacted(file.uri())),
          "It has been removed. Run this again; if it comes to the same, the server has another"
              + " file than the one that was published.");
    }
  }
}
