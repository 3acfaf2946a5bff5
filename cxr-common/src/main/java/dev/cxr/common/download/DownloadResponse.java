package dev.cxr.common.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The response of a server after redirects, with the headers that a download needs. */
record DownloadResponse(HttpResponse<InputStream> response) implements AutoCloseable {

  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
  private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/(\\d{1,18})");
  private static final Pattern STRONG_TAG = Pattern.compile("\"[\\x21\\x23-\\x7E]{0,200}\"");
  private static final Pattern DATE = Pattern.compile("[A-Za-z0-9 ,:]{1,60}");

  int status() {
    return response.statusCode();
  }

  URI uri() {
    return response.uri();
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /** The offset of the first byte of a 206 response. */
  OptionalLong rangeStart() {
    return contentRange(RANGE, 1);
  }

  /** The size of the whole file, if announced. */
  OptionalLong totalLength() {
    return switch (status()) {
      case 206 -> contentRange(RANGE, 2);
      case 416 -> contentRange(UNSATISFIED, 1);
      default -> number(header("Content-Length").orElse(""), "\\d{1,18}");
    };
  }

  /** What identifies this version of the file: a strong ETag, or else Last-Modified. */
  Optional<String> validator() {
    return header("ETag")
        .filter(DownloadResponse::isValidator)
        .or(() -> header("Last-Modified").filter(DownloadResponse::isValidator));
  }

  /** Whether a text may be sent as {@code If-Range} (RFC 9110, section 13.1.5). */
  static boolean isValidator(String text) {
    return STRONG_TAG.matcher(text).matches() || DATE.matcher(text).matches();
  }

  /** The delay that the server requests, or zero. */
  Duration retryAfter() {
    return Duration.ofSeconds(number(header("Retry-After").orElse(""), "\\d{1,9}").orElse(0));
  }

  private static OptionalLong number(String text, String pattern) {
    return text.matches(pattern) ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private OptionalLong contentRange(Pattern pattern, int group) {
    Matcher matcher = pattern.matcher(header("Content-Range").orElse(""));
    return matcher.matches() ? number(matcher.group(group), "\\d+") : OptionalLong.empty();
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
