package dev.cxr.common.download;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Downloads the missing bytes of one file, in as many attempts as needed. */
final class DownloadTask {

  /** Throws if the disk has no space for a file of {@code total} bytes. */
  @FunctionalInterface
  interface SpaceCheck {
    void check(long total) throws IOException;
  }

  private final RemoteFile file;
  private final PartialDownload partial;
  private final Path target;
  private final DownloadClient client;
  private final RetryPolicy retryPolicy;
  private final SpaceCheck spaceCheck;

  DownloadTask(
      RemoteFile file,
      PartialDownload partial,
      Path target,
      RetryPolicy retryPolicy,
      SpaceCheck spaceCheck) {
    this.file = file;
    this.partial = partial;
    this.target = target;
    this.client = new DownloadClient(retryPolicy.idleTimeout());
    this.retryPolicy = retryPolicy;
    this.spaceCheck = spaceCheck;
  }

  /**
   * Downloads until all bytes are there.
   *
   * @throws UserErrorException if the server refuses the file or sends another one, or after too
   *     many attempts without progress
   */
  void run() throws IOException {
    if (file.size().isPresent()) {
      spaceCheck.check(file.size().getAsLong());
    }
    long longest = partial.length();
    int failedAttempts = 0;
    while (true) {
      try {
        attempt();
        return;
      } catch (RetryableException failure) {
        long length = partial.length();
        // Compared with the longest: a server may start over each time.
        failedAttempts = length > longest ? 0 : failedAttempts + 1;
        longest = Math.max(length, longest);
        if (failedAttempts == retryPolicy.maxAttempts()) {
          throw tooManyFailures(failure, length);
        }
        waitBeforeRetry(failure, failedAttempts);
      }
    }
  }

  private void attempt() throws IOException {
    long length = partial.length();
    if (file.size().isPresent() && length == file.size().getAsLong()) {
      return;
    }
    Optional<String> validator = partial.validator(file.uri());
    if (length > 0 && validator.isEmpty()) {
      System.out.println("The partial download cannot be resumed: starting over.");
      partial.delete();
      length = 0;
    }
    Map<String, String> headers =
        length > 0
            ? Map.of("Range", "bytes=" + length + "-", "If-Range", validator.orElseThrow())
            : Map.of();
    try (DownloadResponse response = client.get(file.uri(), headers)) {
      switch (response.status()) {
        case 200 -> {
          if (length > 0) {
            System.out.println("The file has changed or the server cannot resume: starting over.");
          }
          long total = validatedLength(response);
          spaceCheck.check(total);
          partial.startOver(file.uri(), response.validator());
          receive(response, 0, total);
        }
        case 206 -> {
          // Not every server respects If-Range; one that does may omit Last-Modified.
          boolean changed =
              response.validator().filter(v -> !validator.equals(Optional.of(v))).isPresent();
          if (changed || response.rangeStart().orElse(-1) != length) {
            throw discardPartial("The server sent another range than requested");
          }
          long total = validatedLength(response);
          spaceCheck.check(total);
          receive(response, length, total);
        }
        case 416 -> {
          if (length == 0) {
            throw rejectStatus(response);
          }
          if (response.totalLength().orElse(-1) != length || file.size().isPresent()) {
            throw discardPartial("The server has no more bytes than these");
          }
        }
        default -> throw rejectStatus(response);
      }
    }
  }

  private RetryableException discardPartial(String reason) throws IOException {
    partial.delete();
    return new RetryableException(reason + "; the partial download is removed");
  }

  /** The size of the file, before its first byte is written; rejects web pages and other files. */
  private long validatedLength(DownloadResponse response) {
    String type = response.header("Content-Type").orElse("");
    if (type.toLowerCase(Locale.ROOT).matches("\\s*(text/html|application/xhtml).*")) {
      throw reject(
          "a web page (%s) at %s".formatted(type, RemoteFile.redacted(response.uri())),
          "It may be a login page of your network, or the file has moved. ");
    }
    String encoding = response.header("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw reject("it compressed as '%s' by %s".formatted(encoding, response.uri().getHost()), "");
    }
    OptionalLong announced = response.totalLength();
    if (file.size().isPresent()) {
      long size = file.size().getAsLong();
      if (announced.orElse(size) != size) {
        throw sizeMismatch(size, String.format(Locale.ROOT, "%,d", announced.getAsLong()));
      }
      return size;
    }
    if (announced.orElse(Long.MAX_VALUE) > RemoteFile.MAX_BYTES) {
      throw UserErrorException.of(
          "a file of at most " + Megabytes.format(RemoteFile.MAX_BYTES),
          announced.isEmpty()
              ? "that the server does not announce its size"
              : "one of " + Megabytes.format(announced.getAsLong()),
          manualDownloadHint());
    }
    return announced.getAsLong();
  }

  private void receive(DownloadResponse response, long start, long total) throws IOException {
    System.out.printf(
        "Downloading %s (%s) from %s%s%n",
        target.getFileName(),
        Megabytes.format(total),
        response.uri().getHost(),
        start == 0 ? "" : ", resuming after " + Megabytes.format(start));
    long length = start;
    byte[] buffer = new byte[1 << 16];
    try (FileChannel out = partial.openForAppend();
        Progress progress =
            Progress.startBytes("Downloading " + target.getFileName(), total, start)) {
      int read;
      while ((read = client.read(response.response().body(), buffer)) >= 0) {
        length += read;
        if (length > total) {
          partial.delete();
          throw sizeMismatch(total, "more than that");
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        progress.step(read, "");
      }
    }
    if (length < total) {
      throw new RetryableException("The response ended early");
    }
  }

  /** Returns the reason for a retry if the status may be transient, or else throws. */
  private RetryableException rejectStatus(DownloadResponse response) {
    int status = response.status();
    String found = "HTTP status %d at %s".formatted(status, RemoteFile.redacted(response.uri()));
    boolean isTransient = status == 408 || status == 429 || status >= 500;
    Duration retryAfter = response.retryAfter();
    if (isTransient && retryAfter.compareTo(retryPolicy.maxDelay()) <= 0) {
      return new RetryableException("Found %s".formatted(found), retryAfter);
    }
    if (isTransient) {
      throw UserErrorException.of(
          "the file " + target.getFileName(),
          found,
          "The server requests a delay of %d s: run this again later."
              .formatted(retryAfter.toSeconds()));
    }
    throw reject(
        found,
        switch (status) {
          case 301, 302, 303, 307, 308 ->
              "Only a few redirects are followed, and none from https to http. ";
          case 401, 403 -> "The server requires a login or denies access. ";
          case 404, 410 -> "The file may have moved. ";
          case 407 -> "The proxy requires a password, which is never sent. ";
          default -> "";
        });
  }

  private UserErrorException reject(String found, String hint) {
    return UserErrorException.of(
        "the file " + target.getFileName(), found, hint + manualDownloadHint());
  }

  private UserErrorException sizeMismatch(long expected, String found) {
    return UserErrorException.of(
        String.format(Locale.ROOT, "%,d bytes of %s", expected, target.getFileName()),
        "%s at %s".formatted(found, RemoteFile.redacted(file.uri())),
        "The server has another file than the published one. " + manualDownloadHint());
  }

  private UserErrorException tooManyFailures(RetryableException failure, long length) {
    return UserErrorException.of(
        "all of " + target.getFileName(),
        "%s, and then %d attempts without progress (%s)"
            .formatted(Megabytes.format(length), retryPolicy.maxAttempts(), failure.reason()),
        length > 0
            ? "Run this again later: it resumes with %s.".formatted(partial.path())
            : "Check the network access of this machine, or set its proxy with"
                + " -Dhttps.proxyHost and -Dhttps.proxyPort. "
                + manualDownloadHint());
  }

  private String manualDownloadHint() {
    return "Download it with a browser, save it as %s and run this again: it is checked and used."
        .formatted(target);
  }

  private void waitBeforeRetry(RetryableException failure, int failedAttempts) {
    Duration delay = retryPolicy.delayAfter(failedAttempts);
    Duration longer = failure.retryAfter().compareTo(delay) > 0 ? failure.retryAfter() : delay;
    System.out.printf("%s. Retrying in %d s.%n", failure.reason(), longer.toSeconds());
    try {
      Thread.sleep(longer.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two attempts", e);
    }
  }
}
