package dev.cxr.common.download;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.net.URI;
import java.util.OptionalLong;

/**
 * A file on the network, as published.
 *
 * @param uri its http or https URL, with a host and without a user name
 * @param size its size in bytes; if it is not published, the size that the server announces is
 *     accepted up to {@link #MAX_BYTES}
 * @param checksum its checksum
 * @since 0.1
 */
public record RemoteFile(URI uri, OptionalLong size, Checksum checksum) {

  /** The size limit of a file of unpublished size: 8 GB. */
  public static final long MAX_BYTES = 8_000_000_000L;

  /**
   * Checks the URL.
   *
   * @param uri the URL
   * @param size the size, if published
   * @param checksum the checksum
   * @throws UserErrorException if the URL has another form
   */
  public RemoteFile {
    String scheme = String.valueOf(uri.getScheme());
    if (uri.getHost() == null
        || uri.getRawUserInfo() != null
        || !(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))) {
      throw UsageErrorException.of(
          "a URL https://… or http://… with a host and without a user name",
          "'%s'".formatted(redacted(uri)),
          "Correct the URL.");
    }
  }

  /**
   * {@return the same file on another server}
   *
   * @param other its URL there
   */
  public RemoteFile withUri(URI other) {
    return new RemoteFile(other, size, checksum);
  }

  /** A URL without user name, query and fragment, which may be secret or long. */
  static String redacted(URI uri) {
    if (uri.getRawAuthority() == null) {
      return uri.toString();
    }
    if (uri.getHost() == null) {
      return uri.getScheme() + "://…";
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return "%s://%s%s%s".formatted(uri.getScheme(), uri.getHost(), port, uri.getPath());
  }
}
