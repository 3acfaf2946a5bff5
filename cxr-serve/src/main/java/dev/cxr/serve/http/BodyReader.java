package dev.cxr.serve.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
 * bodies is limited, and each body has a deadline. If the total is reached, bodies that have made
 * no progress for a second are rejected first, the slowest before others.
 */
final class BodyReader {

  /** 16 MiB. */
  static final int MAX_BODY_BYTES = 16 << 20;

  static final int BODY_TIMEOUT_SECONDS = 60;

  private static final int INITIAL_BYTES = 4 << 10;
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Set<String> ENCODINGS = Set.of("identity", "gzip", "x-gzip");

  private final long maxTotalBytes;
  private final Executor decompressExecutor;
  private final AtomicLong bufferedBytes = new AtomicLong();
  private final Set<PendingBody> pendingBodies = ConcurrentHashMap.newKeySet();

  /**
   * Creates the reader that all requests of a server share.
   *
   * @param maxTotalBytes limit for the bodies in memory at one time, in total
   * @param decompressExecutor decompresses bodies
   */
  BodyReader(long maxTotalBytes, Executor decompressExecutor) {
    this.maxTotalBytes = maxTotalBytes;
    this.decompressExecutor = decompressExecutor;
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
      Responses.fail(exchange, ApiError.unsupportedEncoding(Responses.printable(encoding)));
      return;
    }
    if (exchange.isRequestComplete()) {
      OpenConnections.received(exchange);
      onBody.accept(new byte[0]);
      return;
    }
    PendingBody pending = new PendingBody(exchange, !encoding.equals("identity"), onBody);
    exchange.dispatch(SameThreadExecutor.INSTANCE, pending::start);
  }

  /** Rejects the slowest body, if there is one without progress; returns whether there was. */
  private synchronized boolean rejectStalled() {
    long now = System.nanoTime();
    Optional<PendingBody> slowest =
        pendingBodies.stream()
            .filter(body -> now - body.progressNanos > STALLED_NANOS)
            .max(Comparator.comparingLong(body -> now - body.progressNanos));
    slowest.ifPresent(
        body -> {
          body.release();
          body.exchange.getIoThread().execute(() -> body.reject(ApiError.OUT_OF_MEMORY));
        });
    return slowest.isPresent();
  }

  /** A body that is being received, on the connection's I/O thread. */
  private final class PendingBody {

    private final HttpServerExchange exchange;
    private final Consumer<byte[]> onBody;
    private final StreamSourceChannel channel;
    private final boolean isGzip;
    private byte[] bytes = new byte[0];
    private int length;
    private final AtomicLong countedBytes = new AtomicLong();
    private volatile long progressNanos = System.nanoTime();
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
      pendingBodies.add(this);
      exchange.addExchangeCompleteListener(
          (completed, proceed) -> {
            if (!done) { // the client has disconnected
              finish();
            }
            release();
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
          progressNanos = System.nanoTime();
          append(buffer.flip());
        }
      } catch (IOException e) {
        finish();
        IoUtils.safeClose(exchange.getConnection()); // the client has disconnected
      }
    }

    private void complete() {
      finish();
      OpenConnections.received(exchange);
      if (!isGzip) {
        deliver();
        return;
      }
      try {
        decompressExecutor.execute(this::decompress);
      } catch (RejectedExecutionException e) { // closed
        Responses.failAndClose(exchange, ApiError.SHUTTING_DOWN);
      }
    }

    private void deliver() {
      byte[] body;
      try {
        body = Arrays.copyOf(bytes, length);
      } catch (OutOfMemoryError e) {
        Responses.failAndClose(exchange, ApiError.OUT_OF_MEMORY);
        return;
      }
      bytes = new byte[0];
      onBody.accept(body);
    }

    /** Under the same limits: a small body can become very large. */
    private void decompress() {
      ByteArrayInputStream compressed = new ByteArrayInputStream(bytes, 0, length);
      bytes = new byte[0];
      length = 0;
      Optional<ApiError> error = Optional.empty();
      byte[] chunk = new byte[64 << 10];
      try (GZIPInputStream in = new GZIPInputStream(compressed)) {
        int read;
        while (error.isEmpty() && (read = in.read(chunk)) >= 0) {
          error = store(ByteBuffer.wrap(chunk, 0, read));
        }
      } catch (IOException e) { // from memory: only the format can be wrong
        error = Optional.of(ApiError.INVALID_GZIP);
      }
      Optional<ApiError> outcome = error;
      exchange
          .getIoThread()
          .execute(
              () ->
                  outcome.ifPresentOrElse(e -> Responses.failAndClose(exchange, e), this::deliver));
    }

    private void append(ByteBuffer received) {
      store(received).ifPresent(this::reject);
    }

    private Optional<ApiError> store(ByteBuffer received) {
      int size = length + received.remaining();
      if (size > MAX_BODY_BYTES) {
        return Optional.of(ApiError.BODY_TOO_LARGE);
      }
      if (size > bytes.length) {
        int capacity = capacity(size);
        if (!reserve(capacity - bytes.length)) {
          return Optional.of(ApiError.OUT_OF_MEMORY);
        }
        try {
          bytes = Arrays.copyOf(bytes, capacity);
        } catch (OutOfMemoryError e) {
          return Optional.of(ApiError.OUT_OF_MEMORY);
        }
      }
      received.get(bytes, length, received.remaining());
      length = size;
      return Optional.empty();
    }

    /** More than is needed now, but no more than will be received. */
    private int capacity(int size) {
      long whole = exchange.getRequestContentLength();
      int most = isGzip || whole < size ? MAX_BODY_BYTES : (int) whole;
      return Math.min(most, Math.max(INITIAL_BYTES, size * 3 / 2));
    }

    private boolean reserve(int size) {
      while (bufferedBytes.addAndGet(size) > maxTotalBytes) {
        bufferedBytes.addAndGet(-size);
        if (!rejectStalled()) {
          return false;
        }
      }
      countedBytes.addAndGet(size);
      return true;
    }

    private void onTimeout() {
      if (!done) {
        reject(ApiError.BODY_TIMEOUT);
      }
    }

    private void reject(ApiError error) {
      if (!done) {
        finish();
        Responses.failAndClose(exchange, error);
      }
    }

    private void finish() {
      done = true;
      pendingBodies.remove(this);
      deadline.remove();
      channel.suspendReads();
    }

    private void release() {
      pendingBodies.remove(this);
      bufferedBytes.addAndGet(-countedBytes.getAndSet(0));
    }
  }
}
