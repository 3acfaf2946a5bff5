package dev.cxr.common.download;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answers, after redirects.
 *
 * @param uri the address that answered
 * @param body to be read or closed
 */
record DownloadResponse(URI uri, int status, HttpHeaders headers, ResponseBody body)
    implements AutoCloseable {

  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
  private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/(\\d{1,18})");
  private static final Pattern STRONG_TAG = Pattern.compile("\"[\\x21\\x23-\\x7E]{0,200}\"");
  private static final Pattern DATE = Pattern.compile("[A-Za-z0-9 ,:]{1,60}");

  /** How many bytes this body has, where the server says so. */
  OptionalLong contentLength() {
    Optional<String> length = headers.firstValue("Content-Length");
    return length.filter(text -> text.matches("\\d{1,18}")).isPresent()
        ? OptionalLong.of(Long.parseLong(length.get()))
        : OptionalLong.empty();
  }

  /** Of a 206: at which byte of the file this body begins. */
  OptionalLong rangeStart() {
    return contentRangeNumber(RANGE, 1);
  }

  /** How many bytes the whole file has, where the server says so. */
  OptionalLong totalLength() {
    return switch (status) {
      case 206 -> contentRangeNumber(RANGE, 2);
      case 416 -> contentRangeNumber(UNSATISFIED, 1);
      default -> contentLength();
    };
  }

  /** What tells this edition of the file from any other: a strong ETag, else Last-Modified. */
  Optional<String> validator() {
    return headers
        .firstValue("ETag")
        .filter(DownloadResponse::isValidator)
        .or(() -> headers.firstValue("Last-Modified").filter(DownloadResponse::isValidator));
  }

  /** Whether it may be sent back as {@code If-Range} (RFC 9110, section 13.1.5). */
  static boolean isValidator(String text) {
    return STRONG_TAG.matcher(text).matches() || DATE.matcher(text).matches();
  }

  /** How long the server asks to be left alone. */
  Duration retryAfter() {
    return headers
        .firstValue("Retry-After")
        .filter(text -> text.matches("\\d{1,9}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(Duration.ZERO);
  }

  private OptionalLong contentRangeNumber(Pattern pattern, int group) {
    Matcher matcher = pattern.matcher(headers.firstValue("Content-Range").orElse(""));
    return matcher.matches() && !matcher.group(group).equals("*")
        ? OptionalLong.of(Long.parseLong(matcher.group(group)))
        : OptionalLong.empty();
  }

  @Override
  public void close() {
    body.close();
  }
}
