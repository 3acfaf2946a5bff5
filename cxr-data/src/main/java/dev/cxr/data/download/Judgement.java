package dev.cxr.data.download;

import dev.cxr.data.shell.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What an answer is worth: the file, a reason to try again, or a refusal.
 *
 * @param file what was asked for
 * @param target where a person would put it
 * @param longestPause that a server may ask for
 */
record Judgement(RemoteFile file, Path target, Duration longestPause) {

  /**
   * How many bytes the whole file has. A login page, an error page, another file or one too large
   * is told before a byte of it is kept.
   */
  long total(Answer answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (type.toLowerCase(Locale.ROOT).matches("\\s*(text/html|application/xhtml).*")) {
      throw Refusal.of(
          "the file " + target.getFileName(),
          "a web page (%s) at %s".formatted(type, WebAddress.shown(answer.from())),
          "It may be a login or a notice of your network, or the publisher has moved the file. "
              + byHand());
    }
    String encoding = answer.headers().firstValue("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw Refusal.of(
          "the file as it is",
          "it packed as '%s' by %s".formatted(encoding, answer.from().getHost()),
          byHand());
    }
    OptionalLong announced = answer.wholeLength();
    if (file.size().isPresent()) {
      long size = file.size().getAsLong();
      if (announced.orElse(size) != size) {
        throw otherSize(size, String.format(Locale.ROOT, "%,d", announced.getAsLong()));
      }
      return size;
    }
    if (announced.orElse(Long.MAX_VALUE) > Download.MOST_BYTES) {
      throw Refusal.of(
          "a file of at most " + Megabytes.of(Download.MOST_BYTES),
          announced.isEmpty()
              ? "that the server does not say how long it is"
              : "one of " + Megabytes.of(announced.getAsLong()),
          byHand());
    }
    return announced.getAsLong();
  }

  Refusal otherSize(long expected, String found) {
    return Refusal.of(
        String.format(Locale.ROOT, "%,d bytes of %s", expected, target.getFileName()),
        "%s at %s".formatted(found, WebAddress.shown(file.uri())),
        "The server has another file than the one that was published. " + byHand());
  }

  /** The reason to try again, if the server may think better of it. */
  TryAgain refused(Answer answer) {
    int status = answer.status();
    String found = "HTTP status %d at %s".formatted(status, WebAddress.shown(answer.from()));
    boolean mayPass = status == 408 || status == 429 || status >= 500;
    if (mayPass && answer.retryAfter().compareTo(longestPause) <= 0) {
      return new TryAgain("Found %s".formatted(found), answer.retryAfter());
    }
    String remedy =
        switch (status) {
          case 401, 403 -> "The server does not give it to you, or not now. " + byHand();
          case 404, 410 -> "It may have been moved. " + byHand();
          case 407 -> "A proxy asks for a password, and none is ever sent. " + byHand();
          default ->
              mayPass
                  ? "The server asks to be left alone for %d s: run this again later."
                      .formatted(answer.retryAfter().toSeconds())
                  : byHand();
        };
    throw Refusal.of("the file " + target.getFileName(), found, remedy);
  }

  /** What always remains. */
  String byHand() {
    return "Get it with a browser, save it as %s and run this again: it is checked and used."
        .formatted(target);
  }
}
