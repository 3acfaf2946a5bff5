package dev.cxr.common.download;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, one piece ahead of its reader.
 *
 * <p>The JDK's client can hand out a stream too, but would wait on it for ever: a server that falls
 * silent is noticed here.
 */
final class ResponseBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

  private sealed interface Event {}

  private record Chunk(List<ByteBuffer> bytes) implements Event {}

  private record End() implements Event {}

  private record Failure(Throwable cause) implements Event {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Duration idleTimeout;
  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  /** A body whose server may be silent for so long. */
  ResponseBody(Duration idleTimeout) {
    this.idleTimeout = idleTimeout;
  }

  /**
   * The next piece; empty at the end.
   *
   * @throws RetryableException if the connection breaks or nothing comes
   */
  Optional<List<ByteBuffer>> nextChunk() throws RetryableException {
    Event event;
    try {
      event = events.poll(idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fetching", e);
    }
    if (event == null) {
      throw new RetryableException(
          "The server has sent nothing for %d s".formatted(idleTimeout.toSeconds()));
    }
    if (event instanceof Failure failure) {
      throw new RetryableException(
          "The connection broke (%s)".formatted(failure.cause().getMessage()));
    }
    if (event instanceof Chunk piece) {
      requestNext();
      return Optional.of(piece.bytes());
    }
    return Optional.empty();
  }

  private synchronized void requestNext() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    events.add(new Chunk(bytes));
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new Failure(cause));
  }

  @Override
  public void onComplete() {
    events.add(new End());
  }

  /** Lets the connection go, whatever is still to come. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
