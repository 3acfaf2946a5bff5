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
 * Reads request bodies without blocking a thread.
 *
 * <p>Memory grows with the bytes received, not with {@code Content-Length}. The total size of all
 * bodies is limited, and each body has a deadline.
 */
final class BodyReader {

  /** 16 MiB. */
  static final int MAX_BODY_BYTES = 16 << 20;

  static final int BODY_TIMEOUT_SECONDS = 60;

  private final long maxTotalBytes;
  private final AtomicLong bufferedBytes = new AtomicLong();

  /**
   * Creates the reader that all requests of a server share.
   *
   * @param maxTotalBytes limit for the bodies in memory at one time, in total
   */
  BodyReader(long maxTotalBytes) {
    this.maxTotalBytes = maxTotalBytes;
  }

  /** Reads a body and passes it to {@code onBody} on the I/O thread, or fails the request. */
  void read(HttpServerExchange exchange, Consumer<byte[]> onBody) {
    if (exchange.getRequestContentLength() > MAX_BODY_BYTES) {
      Responses.failAndClose(exchange, ApiError.BODY_TOO_LARGE);
      return;
    }
    if (exchange.isRequestComplete()) {
      onBody.accept(new byte[0]);
      return;
    }
    PendingBody pending = new PendingBody(exchange, onBody);
    exchange.dispatch(SameThreadExecutor.INSTANCE, pending::start);
  }

  /** A body that is being received, on the connection's I/O thread. */
  private final class PendingBody {

    private final HttpServerExchange exchange;
    private final Consumer<byte[]> onBody;
    private final StreamSourceChannel channel;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(8 << 10);
    private final XnioExecutor.Key deadline;
    private boolean done;

    PendingBody(HttpServerExchange exchange, Consumer<byte[]> onBody) {
      this.exchange = exchange;
      this.onBody = onBody;
      this.channel = exchange.getRequestChannel();
      this.deadline =
          exchange
              .getIoThread()
              .executeAfter(this::onTimeout, BODY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      exchange.addExchangeCompleteListener(
          (completed, proceed) -> {
            bufferedBytes.addAndGet(-body.size());
            proceed.proceed();
          });
    }

    void start() {
      channel.getReadSetter().set(ready -> readAvailable());
      readAvailable();
      if (!done) {
        channel.resumeReads();
      }
    }

    private void readAvailable() {
      if (done) {
        return;
      }
      try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
        ByteBuffer buffer = pooled.getBuffer();
        while (!done) {
          buffer.clear();
          int read = channel.read(buffer);
          if (read == 0) {
            return;
          }
          if (read < 0) {
            finish();
            onBody.accept(body.toByteArray());
            return;
          }
          append(buffer.flip());
        }
      } catch (IOException e) {
        finish();
        IoUtils.safeClose(exchange.getConnection()); // the client has disconnected
      }
    }

    private void append(ByteBuffer bytes) {
      int size = bytes.remaining();
      if (body.size() + size > MAX_BODY_BYTES) {
        reject(ApiError.BODY_TOO_LARGE);
      } else if (bufferedBytes.addAndGet(size) > maxTotalBytes) {
        bufferedBytes.addAndGet(-size);
        reject(ApiError.OUT_OF_MEMORY);
      } else {
        byte[] chunk = new byte[size];
        bytes.get(chunk);
        body.writeBytes(chunk);
      }
    }

    private void onTimeout() {
      if (!done) {
        reject(ApiError.BODY_TIMEOUT);
      }
    }

    private void reject(ApiError error) {
      finish();
      Responses.failAndClose(exchange, error);
    }

    private void finish() {
      done = true;
      deadline.remove();
      channel.suspendReads();
    }
  }
}
