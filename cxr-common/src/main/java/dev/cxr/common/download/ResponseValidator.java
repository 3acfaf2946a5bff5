package dev.cxr.common.download;

import dev.cxr.common.cli.UserErrorException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What an answer is worth: the file, a reason to try again, or a refusal.
 *
 * @param file what was asked for
 * @param target where a person would put it
 * @param maxDelay that a server may ask for
 */
record ResponseValidator(RemoteFile file, Path target, Duration maxDelay) {

  /**
   * How many bytes the whole file has. A login page, an error page, another file or one too large
   * is told before a byte of it is kept.
   */
  long validatedLength(DownloadResponse response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (type.toLowerCase(Locale.ROOT).matches("\\s*(text/html|application/xhtml).*")) {
      throw UserErrorException.of(
          "the file " + target.getFileName(),
          "a web page (%s) at %s".formatted(type, WebAddress.redacted(response.uri())),
          "It may be a login or a notice of your network, or the publisher has moved the file. "
              + manualDownloadHint());
    }
    String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw UserErrorException.of(
          "the file as it is",
          "it packed as '%s' by %s".formatted(encoding, response.uri().getHost()),
          manualDownloadHint());
    }
    OptionalLong announced = response.totalLength();
    if (file.size().isPresent()) {
      long size = file.size().getAsLong();
      if (announced.orElse(size) != size) {
        throw sizeMismatch(size, String.format(Locale.ROOT, "%,d", announced.getAsLong()));
      }
      return size;
    }
    if (announced.orElse(Long.MAX_VALUE) > Downloader.MAX_BYTES) {
      throw UserErrorException.of(
          "a file of at most " + Megabytes.format(Downloader.MAX_BYTES),
          announced.isEmpty()
              ? "that the server does not say how long it is"
              : "one of " + Megabytes.format(announced.getAsLong()),
          manualDownloadHint());
    }
    return announced.getAsLong();
  }

  UserErrorException sizeMismatch(long expected, String found) {
    return UserErrorException.of(
        String.format(Locale.ROOT, "%,d bytes of %s", expected, target.getFileName()),
        "%s at %s".formatted(found, WebAddress.redacted(file.uri())),
        "The server has another file than the one that was published. " + manualDownloadHint());
  }

  /** The reason to try again, if the server may think better of it. */
  RetryableException rejectStatus(DownloadResponse response) {
    int status = response.status();
    String found = "HTTP status %d at %s".formatted(status, WebAddress.redacted(response.uri()));
    boolean isTransient = status == 408 || status == 429 || status >= 500;
    if (isTransient && response.retryAfter().compareTo(maxDelay) <= 0) {
      return new RetryableException("Found %s".formatted(found), response.retryAfter());
    }
    String remedy =
        switch (status) {
          case 401, 403 ->
              "The server does not give it to you, or not now. " + manualDownloadHint();
          case 404, 410 -> "It may have been moved. " + manualDownloadHint();
          case 407 -> "A proxy asks for a password, and none is ever sent. " + manualDownloadHint();
          default ->
              isTransient
                  ? "The server asks to be left alone for %d s: run this again later."
                      .formatted(response.retryAfter().toSeconds())
                  : manualDownloadHint();
        };
    throw UserErrorException.of("the file " + target.getFileName(), found, remedy);
  }

  /** What always remains. */
  String manualDownloadHint() {
    return "Get it with a browser, save it as %s and run this again: it is checked and used."
        .formatted(target);
  }
}
