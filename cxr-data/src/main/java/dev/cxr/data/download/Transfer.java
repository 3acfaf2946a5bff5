package dev.cxr.data.download;

import dev.cxr.data.shell.Progress;
import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private final Judgement judgement;
  private final Room room;

  Transfer(RemoteFile file, Part part, Path target, Http http, Patience patience, Room room) {
    this.file = file;
    this.part = part;
    this.target = target;
    this.http = http;
    this.patience = patience;
    this.judgement = new Judgement(file, target, patience.longestPause());
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
      say("What came earlier cannot be continued: starting over.");
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
            say("The server starts over: it has another edition of the file, or cannot continue.");
          }
          long total = judgement.total(answer);
          room.check(total);
          part.begin(file.uri(), answer.validator());
          receive(answer, 0, total);
        }
        case 206 -> {
          // Not every server heeds If-Range; one that does need not repeat Last-Modified.
          boolean changed =
              answer.validator().filter(v -> !validator.equals(Optional.of(v))).isPresent();
          if (changed || answer.rangeStart().orElse(-1) != length) {
            throw stale("The server continued elsewhere than asked");
          }
          long total = judgement.total(answer);
          room.check(total);
          receive(answer, length, total);
        }
        case 416 -> {
          if (length == 0) {
            throw judgement.refused(answer);
          }
          if (answer.wholeLength().orElse(-1) != length || file.size().isPresent()) {
            throw stale("The server has no more bytes than these");
          }
        }
        default -> throw judgement.refused(answer);
      }
    }
  }

  private TryAgain stale(String why) throws IOException {
    part.remove();
    return new TryAgain(why + "; what came earlier is removed");
  }

  private void receive(Answer answer, long start, long total) throws IOException {
    say(
        "Fetching %s (%s) from %s%s"
            .formatted(
                target.getFileName(),
                Megabytes.of(total),
                answer.from().getHost(),
                start == 0 ? "" : ", continuing after " + Megabytes.of(start)));
    long length = start;
    try (FileChannel out = part.append();
        Progress progress = Progress.startBytes("Fetching " + target.getFileName(), total, start)) {
      for (var piece = answer.body().next(); piece.isPresent(); piece = answer.body().next()) {
        long more = bytesOf(piece.get());
        length += more;
        if (length > total) {
          part.remove();
          throw judgement.otherSize(total, "more than that");
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
      throw new TryAgain("The answer ended early");
    }
  }

  private static long bytesOf(List<ByteBuffer> piece) {
    return piece.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  private Refusal givenUp(TryAgain reason, long length) {
    return Refusal.of(
        "all of " + target.getFileName(),
        "%s, and then %d tries in a row without one byte more (%s)"
            .formatted(Megabytes.of(length), patience.tries(), reason.why()),
        length > 0
            ? "Run this again later: it continues with what is in %s.".formatted(part.path())
            : "Look whether this machine may reach the network, or name its proxy with"
                + " -Dhttps.proxyHost and -Dhttps.proxyPort. "
                + judgement.byHand());
  }

  private void pause(TryAgain reason, int fruitless) {
    Duration pause = patience.pause(fruitless);
    Duration longer = reason.pause().compareTo(pause) > 0 ? reason.pause() : pause;
    say("%s. Trying again in %d s.".formatted(reason.why(), longer.toSeconds()));
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
