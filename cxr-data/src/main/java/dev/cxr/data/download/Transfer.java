package dev.cxr.data.download;

import dev.cxr.data.shell.Progress;
import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Brings a part to its full length, in as many tries as it takes. */
final class Transfer {

  /** Refuses where the disk has no room for a file of so many bytes. */
  @FunctionalInterface
  interface Room {
    void check(long total) throws IOException;
  }

  private final RemoteFile file;
  private final Part part;
  private final Path target;
  private final Http http;
  private final Patience patience;
  private final Room room;

  Transfer(RemoteFile file, Part part, Path target, Http http, Patience patience, Room room) {
    this.file = file;
    this.part = part;
    this.target = target;
    this.http = http;
    this.patience = patience;
    this.room = room;
  }

  /**
   * Tries until all bytes are there.
   *
   * @throws Refusal if the server will not give the file, or gives another one, or too many tries
   *     in a row brought nothing
   */
  void complete() throws IOException {
    if (file.size().isPresent()) {
      room.check(file.size().getAsLong());
    }
    long most = part.length();
    int fruitless = 0;
    while (true) {
      try {
        attempt();
        return;
      } catch (TryAgain reason) {
        long length = part.length();
        // A server that begins anew each time and never comes further must not keep us for ever.
        fruitless = length > most ? 0 : fruitless + 1;
        most = Math.max(length, most);
        if (fruitless == patience.tries()) {
          throw givenUp(reason, length);
        }
        pause(reason, fruitless);
      }
    }
  }

  private void attempt() throws IOException {
    long length = part.length();
    if (file.size().isPresent() && length == file.size().getAsLong()) {
      return;
    }
    Optional<String> validator = part.validator(file.uri());
    if (length > 0 && validator.isEmpty()) {
      say("What has come before cannot be gone on with: beginning anew.");
      part.remove();
      length = 0;
    }
    Map<String, String> headers =
        length > 0
            ? Map.of("Range", "bytes=" + length + "-", "If-Range", validator.orElseThrow())
            : Map.of();
    try (Answer answer = http.get(file.uri(), headers)) {
      switch (answer.status()) {
        case 200 -> {
          if (length > 0) {
            say("The server begins anew: it has another edition of the file, or cannot go on.");
          }
          long total = total(answer);
          part.begin(file.uri(), answer.validator());
          receive(answer, 0, total);
        }
        case 206 -> {
          // Not every server heeds If-Range; one that does need not repeat Last-Modified.
          boolean changed =
              answer.validator().filter(v -> !validator.equals(Optional.of(v))).isPresent();
          if (changed || answer.rangeStart().orElse(-1) != length) {
            throw stale("The server goes on elsewhere than asked.");
          }
          receive(answer, length, total(answer));
        }
        case 416 -> {
          if (answer.wholeLength().orElse(-1) != length || file.size().isPresent()) {
            throw stale("The server has no more bytes than these.");
          }
        }
        default -> throw refused(answer);
      }
    }
  }

  private TryAgain stale(String why) throws IOException {
    part.remove();
    return new TryAgain(why + " What has come before is removed.");
  }

  private void receive(Answer answer, long start, long total) throws IOException {
    say(
        "Fetching %s (%s) from %s%s"
            .formatted(
                target.getFileName(),
                Megabytes.of(total),
                answer.from().getHost(),
                start == 0 ? "" : ", going on after " + Megabytes.of(start)));
    long length = start;
    try (FileChannel out = part.append();
        Progress progress = Progress.startBytes("Fetching " + target.getFileName(), total, start)) {
      for (var piece = answer.body().next(); piece.isPresent(); piece = answer.body().next()) {
        long more = bytesOf(piece.get());
        length += more;
        if (length > total) {
          part.remove();
          throw otherSize(total, "more than that");
        }
        for (ByteBuffer bytes : piece.get()) {
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        }
        progress.step(more, "");
      }
    }
    if (length < total) {
      throw new TryAgain("The answer ended early.");
    }
  }

  private static long bytesOf(List<ByteBuffer> piece) {
    return piece.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /**
   * How many bytes the whole file has. A login page, an error page, another file or one too large
   * is told before a byte of it is kept.
   */
  private long total(Answer answer) throws IOException {
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
    room.check(announced.getAsLong());
    return announced.getAsLong();
  }

  private Refusal otherSize(long expected, String found) {
    return Refusal.of(
        String.format(Locale.ROOT, "%,d bytes of %s", expected, target.getFileName()),
        "%s at %s".formatted(found, WebAddress.shown(file.uri())),
        "The server has another file than the one that was published. " + byHand());
  }

  private IOException refused(Answer answer) {
    int status = answer.status();
    String found = "HTTP status %d at %s".formatted(status, WebAddress.shown(answer.from()));
    boolean mayPass = status == 408 || status == 429 || status >= 500;
    if (mayPass && answer.retryAfter().compareTo(patience.longestPause()) <= 0) {
      return new TryAgain("Found %s.".formatted(found), answer.retryAfter());
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

  private Refusal givenUp(TryAgain reason, long length) {
    return Refusal.of(
        "all of " + target.getFileName(),
        "%s, and then %d tries in a row without one byte more: %s"
            .formatted(Megabytes.of(length), patience.tries(), reason.getMessage()),
        length > 0
            ? "Run this again later: it goes on with what is in %s.".formatted(part.path())
            : "Look whether this machine may reach the network (-Dhttps.proxyHost and"
                + " -Dhttps.proxyPort name a proxy). "
                + byHand());
  }

  private String byHand() {
    return "Or get it with a browser, save it as %s and run this again: it is checked and used."
        .formatted(target);
  }

  private void pause(TryAgain reason, int fruitless) {
    Duration pause = patience.pause(fruitless);
    Duration longer = reason.pause().compareTo(pause) > 0 ? reason.pause() : pause;
    say("%s Trying again in %d s.".formatted(reason.getMessage(), longer.toSeconds()));
    try {
      Thread.sleep(longer.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two tries", e);
    }
  }

  private static void say(String sentence) {
    System.out.println(sentence);
  }
}
