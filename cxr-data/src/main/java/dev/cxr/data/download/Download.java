package dev.cxr.data.download;

import dev.cxr.data.shell.Refusal;
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
public final class Download {

  /** The most bytes of a file whose size is not published: 8 GB. */
  public static final long MOST_BYTES = 8_000_000_000L;

  private final Http http;
  private final Patience patience;
  private final Disk disk;

  /** With the patience and the disk of a real download. */
  public Download() {
    this(Patience.DEFAULT, Disk.REAL);
  }

  Download(Patience patience, Disk disk) {
    this.http = new Http(patience);
    this.patience = patience;
    this.disk = disk;
  }

  /**
   * Makes {@code target} the whole file with the right checksum, and tells on standard output how.
   *
   * @param target a file; its folder is made where missing
   * @param spare bytes that must be free besides, such as for unpacking it; 0 for none
   * @return whether it was fetched; false if it stood there already, with the right checksum
   * @throws Refusal if it cannot be had: no room, no connection, not found, another size or
   *     checksum than published, another process at work on it
   * @throws IOException if the disk cannot be read or written
   */
  @SuppressWarnings("try") // the claim is held, not used
  public boolean fetch(RemoteFile file, Path target, long spare) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw Refusal.ofUsage("a file to fetch into", target.toString(), "Name one in a folder.");
    }
    Files.createDirectories(folder);
    try (Claim claim = Claim.on(absolute)) {
      Part part = Part.of(absolute);
      if (Files.exists(absolute)) {
        disk.require(folder, 0, spare);
        checkWhatStands(file, absolute);
        part.remove();
        return false;
      }
      new Transfer(file, part, target, http, patience, total -> roomFor(total, part, folder, spare))
          .complete();
      checkWhatCame(file, part, target);
      part.become(absolute);
      return true;
    }
  }

  private void roomFor(long total, Part part, Path folder, long spare) throws IOException {
    disk.require(folder, Math.max(total - part.length(), 0), spare);
  }

  private static void checkWhatStands(RemoteFile file, Path target) throws IOException {
    Checksum found = file.checksum().ofSameKind(target);
    if (!found.equals(file.checksum())) {
      throw Refusal.of(
          "%s with %s".formatted(target, file.checksum()),
          "another file there, with " + found,
          "Remove it, and run this again to fetch the right one.");
    }
    System.out.printf("%s is there already, and its checksum is right.%n", target);
  }

  private static void checkWhatCame(RemoteFile file, Part part, Path target) throws IOException {
    Checksum found = file.checksum().ofSameKind(part.path());
    if (!found.equals(file.checksum())) {
      part.remove();
      throw Refusal.of(
          "%s with %s".formatted(target.getFileName(), file.checksum()),
          "%s in what came from %s".formatted(found, WebAddress.shown(file.uri())),
          "It has been removed. Run this again; if it comes to the same, the server has another"
              + " file than the one that was published.");
    }
  }
}
