package dev.cxr.common.download;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.cli.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Downloads the missing bytes of one file, in as many attempts as needed.
 *
 * @param client from {@link #newClient}
 * @param file the file
 * @param partial its bytes so far
 * @param target its final path, for messages
 * @param retryPolicy the timeouts and retries
 * @param spaceCheck throws if the disk has no space for a file of so many bytes
 */
record DownloadTask(
    HttpClient client,
    RemoteFile file,
    PartialDownload partial,
    Path target,
    RetryPolicy retryPolicy,
    SpaceCheck spaceCheck) {

  @FunctionalInterface
  interface SpaceCheck {
    void check(long total) throws IOException;
  }

  static HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NORMAL) // a few, but never from https to http
        .connectTimeout(Duration.ofSeconds(20))
        .build();
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
    if (length == file.size().orElse(-1)) {
      return;
    }
    Optional<String> validator = partial.validator(file.uri());
    if (length > 0 && validator.isEmpty()) {
      System.out.println("The partial download cannot be resumed: starting over.");
      partial.delete();
      length = 0;
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(file.uri())
            .header("User-Agent", "cxr/" + Version.number())
            .header("Accept-Encoding", "identity");
    if (length > 0) {
      request.header("Range", "bytes=" + length + "-").header("If-Range", validator.orElseThrow());
    }
    HttpResponse<InputStream> response =
        await(client.sendAsync(request.build(), BodyHandlers.ofInputStream()));
    try (InputStream body = response.body()) {
      Optional<String> sentValidator =
          header(response, "ETag")
              .filter(PartialDownload::isValidator)
              .or(() -> header(response, "Last-Modified").filter(PartialDownload::isValidator));
      if (response.statusCode() == 200) {
        if (length > 0) {
          System.out.println("The file has changed or the server cannot resume: starting over.");
        }
        long total = validatedLength(response, 0);
        partial.startOver(file.uri(), sentValidator);
        receive(body, response.uri().getHost(), 0, total);
      } else if (response.statusCode() == 206 || (response.statusCode() == 416 && length > 0)) {
        // Not every server respects If-Range; one that does may omit Last-Modified.
        String range = header(response, "Content-Range").orElse("");
        if (!range.startsWith("bytes " + length + "-")
            || sentValidator.filter(v -> !validator.equals(Optional.of(v))).isPresent()) {
          partial.delete();
          throw retryable("The server sent another range than requested");
        }
        long total = validatedLength(response, length);
        receive(body, response.uri().getHost(), length, total);
      } else {
        throw rejectStatus(response);
      }
    }
  }

  /** Waits, since {@code HttpRequest.timeout} does not limit the time between two bytes. */
  private <T> T await(Future<T> result) throws RetryableException {
    try {
      return result.get(retryPolicy.idleTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw retryable(
          "The server has sent nothing for " + retryPolicy.idleTimeout().toSeconds() + " s");
    } catch (ExecutionException e) {
      throw connectionFailure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while downloading", e);
    } finally {
      result.cancel(true);
    }
  }

  private RetryableException connectionFailure(@Nullable Throwable failure) {
    if (failure instanceof SSLHandshakeException) {
      throw UserErrorException.of(
          "a server with a certificate that Java trusts",
          "none at %s (%s)".formatted(file.uri().getHost(), failure.getMessage()),
          "If a proxy inspects https, give Java its certificate with"
              + " -Djavax.net.ssl.trustStore=FILE.");
    }
    // Newer Java wraps what it finds wrong in a redirect.
    if (failure instanceof IOException && !(failure.getCause() instanceof RuntimeException)) {
      return retryable("The connection to %s failed (%s)".formatted(file.uri().getHost(), failure));
    }
    throw UserErrorException.of(
        "a file, or a redirect to an http or https URL",
        "an invalid redirect at " + RemoteFile.redacted(file.uri()),
        "Look up the present URL of the file in a browser.");
  }

  /** The size of the file, before its first byte is written; rejects web pages and other files. */
  private long validatedLength(HttpResponse<?> response, long start) throws IOException {
    String type = header(response, "Content-Type").orElse("");
    if (type.matches("(?i)\\s*(text/html|application/xhtml).*")) {
      throw reject(
          "a web page (%s) at %s".formatted(type, RemoteFile.redacted(response.uri())),
          "It may be a login page of your network, or the file has moved. ");
    }
    Optional<Long> announced =
        header(response, "Content-Length").map(rest -> start + Long.parseLong(rest));
    long total = file.size().orElseGet(() -> announced.orElse(Long.MAX_VALUE));
    if (announced.orElse(total) != total) {
      throw sizeMismatch(total, String.format(Locale.ROOT, "%,d", announced.get()));
    }
    if (file.size().isEmpty() && total > RemoteFile.MAX_BYTES) {
      throw UserErrorException.of(
          "a file of at most " + Megabytes.format(RemoteFile.MAX_BYTES),
          announced
              .map(bytes -> "one of " + Megabytes.format(bytes))
              .orElse("that the server does not announce its size"),
          manualDownloadHint());
    }
    spaceCheck.check(total);
    return total;
  }

  private void receive(InputStream body, String host, long start, long total) throws IOException {
    System.out.printf(
        "Downloading %s (%s) from %s%s%n",
        target.getFileName(),
        Megabytes.format(total),
        host,
        start == 0 ? "" : ", resuming after " + Megabytes.format(start));
    long length = start;
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out =
            Files.newOutputStream(
                partial.path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Progress progress =
            Progress.startBytes("Downloading " + target.getFileName(), total, start)) {
      int read;
      while ((read = read(body, buffer)) >= 0) {
        length += read;
        if (length > total) {
          partial.delete();
          throw sizeMismatch(total, "more than that");
        }
        out.write(buffer, 0, read);
        progress.step(read, "");
      }
    }
    if (length < total) {
      throw retryable("The response ended early");
    }
  }

  private int read(InputStream body, byte[] buffer) throws RetryableException {
    return await(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return body.read(buffer);
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            }));
  }

  /** Returns the reason for a retry if the status may be transient, or else throws. */
  private RetryableException rejectStatus(HttpResponse<?> response) {
    int status = response.statusCode();
    String found = "HTTP status %d at %s".formatted(status, RemoteFile.redacted(response.uri()));
    if (status == 408 || status == 429 || status >= 500) {
      String seconds =
          header(response, "Retry-After").filter(text -> text.matches("\\d{1,9}")).orElse("0");
      return new RetryableException("Found " + found, Duration.ofSeconds(Long.parseLong(seconds)));
    }
    throw reject(
        found,
        status / 100 == 3
            ? "Only a few redirects are followed, and none from https to http. "
            : "The file may have moved, or the server or a proxy requires a login. ");
  }

  private static Optional<String> header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name);
  }

  private static RetryableException retryable(String reason) {
    return new RetryableException(reason, Duration.ZERO);
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
            .formatted(Megabytes.format(length), retryPolicy.maxAttempts(), failure.getMessage()),
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
    Duration delay = retryPolicy.delayAfter(failedAttempts, failure.retryAfter());
    System.out.printf("%s. Retrying in %d s.%n", failure.getMessage(), delay.toSeconds());
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two attempts", e);
    }
  }
}
