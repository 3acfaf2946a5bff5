package dev.cxr.data.download;

import dev.cxr.data.shell.Refusal;
import java.net.URI;
import java.util.Optional;

/** What is a fit address to fetch from, and how one is shown. */
final class WebAddress {

  private WebAddress() {}

  /**
   * Returns the address if it is http or https, has a host and carries no user name.
   *
   * @throws Refusal otherwise
   */
  static URI check(URI uri) {
    if (!isFit(uri)) {
      throw Refusal.ofUsage(
          "an address https://… or http://… with a host and without a user name",
          "'%s'".formatted(shown(uri)),
          "Give another one.");
    }
    return uri;
  }

  /**
   * Where a redirect leads.
   *
   * @param location as the server gave it, if it did
   * @throws Refusal if it leads to no fit address, or from https to http
   */
  static URI redirected(URI from, Optional<String> location) {
    URI to;
    try {
      to = from.resolve(location.orElseThrow(() -> refusal(from, "nowhere")));
    } catch (IllegalArgumentException e) {
      throw refusal(from, "something that is no address");
    }
    if (!isFit(to)) {
      throw refusal(from, "'%s'".formatted(shown(to)));
    }
    if (isHttps(from) && isHttp(to)) {
      throw refusal(from, "unprotected http at " + to.getHost());
    }
    return to;
  }

  /** Without what can be a secret or half a page long: user name, query, fragment. */
  static String shown(URI uri) {
    if (uri.getRawAuthority() == null) {
      return uri.toString();
    }
    if (uri.getHost() == null) {
      return uri.getScheme() + "://…";
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return "%s://%s%s%s".formatted(uri.getScheme(), uri.getHost(), port, uri.getPath());
  }

  private static boolean isFit(URI uri) {
    return uri.getHost() != null && uri.getRawUserInfo() == null && (isHttps(uri) || isHttp(uri));
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static boolean isHttp(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme());
  }

  private static Refusal refusal(URI from, String found) {
    return Refusal.of(
        "a file, or a redirect to another http or https address",
        "that %s leads to %s".formatted(shown(from), found),
        "Nothing is fetched from there. Look in a browser what has become of the file.");
  }
}
