package dev.cxr.serve.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * Receives the body of a request as its bytes come, without a thread that waits for them.
 *
 * <p>Memory is taken for what has come, not for what was announced; all bodies together have a
 * bound, and each has a time by which it must be there.
 */
final class BodyReader {

  /** The largest body that is read, 16 MiB. */
  static final int LARGEST_BODY = 16 << 20;

  static final int SECONDS_FOR_A_BODY = 60;

  private final long bound;
  private final AtomicLong held = new AtomicLong();

  /**
   * Makes one for all requests of a server.
   *
   * @param bound the most bytes that bodies may hold at a time, all together
   */
  BodyReader(long bound) {
    this.bound = bound;
  }

  /** Reads a body and hands it on, on the I/O thread; or fails the request. */
  void read(HttpServerExchange exchange, Consumer<byte[]> next) {
    if (exchange.getRequestContentLength() > LARGEST_BODY) {
      Reply.failAndClose(exchange, ApiError.BODY_TOO_LARGE);
      return;
    }
    if (exchange.isRequestComplete()) {
      next.accept(new byte[0]);
      return;
    }
    Reading reading = new Reading(exchange, next);
    exchange.dispatch(SameThreadExecutor.INSTANCE, reading::begin);
  }

  /** One body on its way; all of it happens on the connection's I/O thread. */
  private final class Reading {

    private final HttpServerExchange exchange;
    private final Consumer<byte[]> next;
    private final StreamSourceChannel channel;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(8 << 10);
    private final XnioExecutor.Key deadline;
    private boolean over;

    Reading(HttpServerExchange exchange, Consumer<byte[]> next) {
      this.exchange = exchange;
      this.next = next;
      this.channel = exchange.getRequestChannel();
      this.deadline =
          exchange.getIoThread().executeAfter(this::tooSlow, SECONDS_FOR_A_BODY, TimeUnit.SECONDS);
      exchange.addExchangeCompleteListener(
          (completed, proceed) -> {
            held.addAndGet(-body.size());
            proceed.proceed();
          });
    }

    void begin() {
      channel.getReadSetter().set(ready -> readOn());
      readOn();
      if (!over) {
        channel.resumeReads();
      }
    }

    private void readOn() {
      if (over) {
        return;
      }
      try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
        ByteBuffer buffer = pooled.getBuffer();
        while (!over) {
          buffer.clear();
          int read = channel.read(buffer);
          if (read == 0) {
            return;
          }
          if (read < 0) {
            end();
            next.accept(body.toByteArray());
            return;
          }
          take(buffer.flip());
        }
      } catch (IOException e) {
        end();
        IoUtils.safeClose(exchange.getConnection()); // the client has gone
      }
    }

    private void take(ByteBuffer bytes) {
      int size = bytes.remaining();
      if (body.size() + size > LARGEST_BODY) {
        refuse(ApiError.BODY_TOO_LARGE);
      } else if (held.addAndGet(size) > bound) {
        held.addAndGet(-size);
        refuse(ApiError.NO_MEMORY);
      } else {
        byte[] chunk = new byte[size];
        bytes.get(chunk);
        body.writeBytes(chunk);
      }
    }

    private void tooSlow() {
      if (!over) {
        refuse(ApiError.BODY_TOO_SLOW);
      }
    }

    private void refuse(ApiError error) {
      end();
      Reply.failAndClose(exchange, error);
    }

    private void end() {
      over = true;
      deadline.remove();
      channel.suspendReads();
    }
  }
}
