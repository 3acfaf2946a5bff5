package dev.cxr.common.download;

import dev.cxr.common.cli.UserErrorException;
import java.net.URI;
import java.util.Optional;

/** What is a fit address to fetch from, and how one is shown. */
final class WebAddress {

  private WebAddress() {}

  /**
   * Returns the address if it is http or https, has a host and carries no user name.
   *
   * @throws UserErrorException otherwise
   */
  static URI requireValid(URI uri) {
    if (!isValid(uri)) {
      throw UserErrorException.ofUsage(
          "an address https://… or http://… with a host and without a user name",
          "'%s'".formatted(redacted(uri)),
          "Give another one.");
    }
    return uri;
  }

  /**
   * Where a redirect leads.
   *
   * @param location as the server gave it, if it did
   * @throws UserErrorException if it leads to no fit address, or from https to http
   */
  static URI resolveRedirect(URI from, Optional<String> location) {
    URI to;
    try {
      to = from.resolve(location.orElseThrow(() -> redirectError(from, "nowhere")));
    } catch (IllegalArgumentException e) {
      throw redirectError(from, "something that is no address");
    }
    if (!isValid(to)) {
      throw redirectError(from, "'%s'".formatted(redacted(to)));
    }
    if (isHttps(from) && isHttp(to)) {
      throw redirectError(from, "unprotected http at " + to.getHost());
    }
    return to;
  }

  /** Without what can be a secret or half a page long: user name, query, fragment. */
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

  private static boolean isValid(URI uri) {
    return uri.getHost() != null && uri.getRawUserInfo() == null && (isHttps(uri) || isHttp(uri));
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static boolean isHttp(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme());
  }

  private static UserErrorException redirectError(URI from, String found) {
    return UserErrorException.of(
        "a file, or a redirect to another http or https address",
        "that %s leads to %s".formatted(redacted(from), found),
        "Nothing is fetched from there. Look in a browser what has become of the file.");
  }
}
