package dev.cxr.common.download;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings a part to its full length, in as many tries as it takes. */
final class DownloadTask {

  /** Refuses where the disk has no room for a file of so many bytes. */
  @FunctionalInterface
  interface SpaceCheck {
    void check(long total) throws IOException;
  }

  private final RemoteFile file;
  private final PartialDownload partial;
  private final Path target;
  private final DownloadClient http;
  private final RetryPolicy retryPolicy;
  private final ResponseValidator responseValidator;
  private final SpaceCheck spaceCheck;

  DownloadTask(
      RemoteFile file,
      PartialDownload partial,
      Path target,
      DownloadClient http,
      RetryPolicy retryPolicy,
      SpaceCheck spaceCheck) {
    this.file = file;
    this.partial = partial;
    this.target = target;
    this.http = http;
    this.retryPolicy = retryPolicy;
    this.responseValidator = new ResponseValidator(file, target, retryPolicy.maxDelay());
    this.spaceCheck = spaceCheck;
  }

  /**
   * Tries until all bytes are there.
   *
   * @throws UserErrorException if the server will not give the file, or gives another one, or too
   *     many tries in a row brought nothing
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
      } catch (RetryableException reason) {
        long length = partial.length();
        // A server that begins anew each time and never comes further must not keep us for ever.
        failedAttempts = length > longest ? 0 : failedAttempts + 1;
        longest = Math.max(length, longest);
        if (failedAttempts == retryPolicy.maxAttempts()) {
          throw tooManyFailures(reason, length);
        }
        waitBeforeRetry(reason, failedAttempts);
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
      print("What came earlier cannot be continued: starting over.");
      partial.delete();
      length = 0;
    }
    Map<String, String> headers =
        length > 0
            ? Map.of("Range", "bytes=" + length + "-", "If-Range", validator.orElseThrow())
            : Map.of();
    try (DownloadResponse response = http.get(file.uri(), headers)) {
      switch (response.status()) {
        case 200 -> {
          if (length > 0) {
            print(
                "The server starts over: it has another edition of the file, or cannot continue.");
          }
          long total = responseValidator.validatedLength(response);
          spaceCheck.check(total);
          partial.startOver(file.uri(), response.validator());
          receive(response, 0, total);
        }
        case 206 -> {
          // Not every server heeds If-Range; one that does need not repeat Last-Modified.
          boolean changed =
              response.validator().filter(v -> !validator.equals(Optional.of(v))).isPresent();
          if (changed || response.rangeStart().orElse(-1) != length) {
            throw discardPartial("The server continued elsewhere than asked");
          }
          long total = responseValidator.validatedLength(response);
          spaceCheck.check(total);
          receive(response, length, total);
        }
        case 416 -> {
          if (length == 0) {
            throw responseValidator.rejectStatus(response);
          }
          if (response.totalLength().orElse(-1) != length || file.size().isPresent()) {
            throw discardPartial("The server has no more bytes than these");
          }
        }
        default -> throw responseValidator.rejectStatus(response);
      }
    }
  }

  private RetryableException discardPartial(String why) throws IOException {
    partial.delete();
    return new RetryableException(why + "; what came earlier is removed");
  }

  private void receive(DownloadResponse response, long start, long total) throws IOException {
    print(
        "Fetching %s (%s) from %s%s"
            .formatted(
                target.getFileName(),
                Megabytes.format(total),
                response.uri().getHost(),
                start == 0 ? "" : ", continuing after " + Megabytes.format(start)));
    long length = start;
    try (FileChannel out = partial.openForAppend();
        Progress progress = Progress.startBytes("Fetching " + target.getFileName(), total, start)) {
      for (var chunk = response.body().nextChunk();
          chunk.isPresent();
          chunk = response.body().nextChunk()) {
        long chunkLength = remainingBytes(chunk.get());
        length += chunkLength;
        if (length > total) {
          partial.delete();
          throw responseValidator.sizeMismatch(total, "more than that");
        }
        for (ByteBuffer bytes : chunk.get()) {
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        }
        progress.step(chunkLength, "");
      }
    }
    if (length < total) {
      throw new RetryableException("The answer ended early");
    }
  }

  private static long remainingBytes(List<ByteBuffer> chunk) {
    return chunk.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  private UserErrorException tooManyFailures(RetryableException reason, long length) {
    return UserErrorException.of(
        "all of " + target.getFileName(),
        "%s, and then %d tries in a row without one byte more (%s)"
            .formatted(Megabytes.format(length), retryPolicy.maxAttempts(), reason.reason()),
        length > 0
            ? "Run this again later: it continues with what is in %s.".formatted(partial.path())
            : "Look whether this machine may reach the network, or name its proxy with"
                + " -Dhttps.proxyHost and -Dhttps.proxyPort. "
                + responseValidator.manualDownloadHint());
  }

  private void waitBeforeRetry(RetryableException reason, int failedAttempts) {
    Duration delay = retryPolicy.delayAfter(failedAttempts);
    Duration longer = reason.retryAfter().compareTo(delay) > 0 ? reason.retryAfter() : delay;
    print("%s. Trying again in %d s.".formatted(reason.reason(), longer.toSeconds()));
    try {
      Thread.sleep(longer.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two tries", e);
    }
  }

  private static void print(String sentence) {
    System.out.println(sentence);
  }
}
