package dev.cxr.serve.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * Reads request bodies without blocking a thread, and decompresses gzip.
 *
 * <p>Memory grows with the bytes received, not with {@code Content-Length}. The total size of all
 * bodies is limited, and each body has a deadline.
 */
final class BodyReader {

  /** 16 MiB. */
  static final int MAX_BODY_BYTES = 16 << 20;

  static final int BODY_TIMEOUT_SECONDS = 60;

  private static final Set<String> ENCODINGS = Set.of("identity", "gzip", "x-gzip");

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
    String encoding =
        Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst(Headers.CONTENT_ENCODING), "identity")
            .toLowerCase(Locale.ROOT);
    if (!ENCODINGS.contains(encoding)) {
      exchange.getResponseHeaders().put(Headers.ACCEPT_ENCODING, "gzip");
      Responses.fail(exchange, ApiError.unsupportedEncoding(printable(encoding)));
      return;
    }
    if (exchange.isRequestComplete()) {
      onBody.accept(new byte[0]);
      return;
    }
    PendingBody pending = new PendingBody(exchange, !encoding.equals("identity"), onBody);
    exchange.dispatch(SameThreadExecutor.INSTANCE, pending::start);
  }

  private static String printable(String encoding) {
    return encoding.substring(0, Math.min(encoding.length(), 40)).replaceAll("[^ -~]", "?");
  }

  /** A body that is being received, on the connection's I/O thread. */
  private final class PendingBody {

    private final HttpServerExchange exchange;
    private final Consumer<byte[]> onBody;
    private final StreamSourceChannel channel;
    private final boolean isGzip;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(8 << 10);
    private long countedBytes;
    private final XnioExecutor.Key deadline;
    private boolean done;

    PendingBody(HttpServerExchange exchange, boolean isGzip, Consumer<byte[]> onBody) {
      this.exchange = exchange;
      this.isGzip = isGzip;
      this.onBody = onBody;
      this.channel = exchange.getRequestChannel();
      this.deadline =
          exchange
              .getIoThread()
              .executeAfter(this::onTimeout, BODY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      exchange.addExchangeCompleteListener(
          (completed, proceed) -> {
            bufferedBytes.addAndGet(-countedBytes);
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
            complete();
            return;
          }
          append(buffer.flip());
        }
      } catch (IOException e) {
        finish();
        IoUtils.safeClose(exchange.getConnection()); // the client has disconnected
      }
    }

    private void complete() {
      if (isGzip) {
        decompress();
      }
      if (!done) {
        finish();
        onBody.accept(body.toByteArray());
      }
    }

    /** Under the same limits: a small body can become very large. */
    private void decompress() {
      ByteArrayInputStream compressed = new ByteArrayInputStream(body.toByteArray());
      body = new ByteArrayOutputStream();
      byte[] chunk = new byte[64 << 10];
      try (GZIPInputStream in = new GZIPInputStream(compressed)) {
        int read;
        while (!done && (read = in.read(chunk)) >= 0) {
          append(ByteBuffer.wrap(chunk, 0, read));
        }
      } catch (IOException e) { // from memory: only the format can be wrong
        reject(ApiError.INVALID_GZIP);
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
        countedBytes += size;
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
