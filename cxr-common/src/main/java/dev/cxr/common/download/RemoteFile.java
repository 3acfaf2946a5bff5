package dev.cxr.common.download;

import java.net.URI;
import java.util.OptionalLong;

/**
 * A file on the network as its publisher describes it.
 *
 * @param uri where it is: http or https, with a host and without a user name
 * @param size in bytes; where it is not published, the server's word is taken, up to {@link
 *     Downloader#MAX_BYTES}
 * @param checksum what its bytes must add up to, wherever they come from
 */
public record RemoteFile(URI uri, OptionalLong size, Checksum checksum) {

  /**
   * Checks address and size.
   *
   * @throws dev.cxr.common.cli.UserErrorException if the address is of another form
   * @throws IllegalArgumentException if the size is below 1
   */
  public RemoteFile {
    WebAddress.requireValid(uri);
    if (size.isPresent() && size.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "A file has at least one byte, not " + size + ": leave an unknown size empty.");
    }
  }

  /** The same bytes from another server. */
  public RemoteFile withUri(URI other) {
    return new RemoteFile(other, size, checksum);
  }
}
