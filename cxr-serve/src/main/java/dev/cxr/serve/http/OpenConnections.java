package dev.cxr.serve.http;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The open connections, at most a fixed number. One more closes the one that has made no progress
 * for longest, so that clients which begin requests and never end them keep nobody out. A
 * connection whose request has been received is not closed.
 */
final class OpenConnections implements ChannelListener<StreamConnection> {

  private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);
  private static final AttachmentKey<Entry> ENTRY = AttachmentKey.create(Entry.class);

  /** What is read from a connection before it is closed, so that the client sees the response. */
  private static final int DISCARDED_BYTES = 16 << 10;

  /** So long a connection is read after it was chosen to be closed. */
  private static final int READ_TIME_MILLIS = 2;

  private enum State {
    RECEIVING,
    ANSWERING,
    IDLE
  }

  private static final class Entry {
    final StreamConnection connection;
    final StreamSourceConduit source;
    final StreamSinkConduit sink;
    volatile State state = State.RECEIVING;
    volatile long progressNanos = System.nanoTime();

    Entry(StreamConnection connection) {
      this.connection = connection;
      this.source = connection.getSourceChannel().getConduit();
      this.sink = connection.getSinkChannel().getConduit();
    }

    void received() {
      progressNanos = System.nanoTime();
      if (state == State.IDLE) {
        state = State.RECEIVING;
      }
    }
  }

  /** Notices each byte that a client sends, in heads too. */
  private static final class ObservedSource
      extends AbstractStreamSourceConduit<StreamSourceConduit> {
    private final Entry entry;

    ObservedSource(Entry entry) {
      super(entry.source);
      this.entry = entry;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return (int) observed(super.read(target));
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
      return observed(super.read(targets, offset, length));
    }

    private long observed(long bytes) {
      if (bytes > 0) {
        entry.received();
      }
      return bytes;
    }
  }

  private final int maxConnections;
  private final ChannelListener<StreamConnection> protocol;
  private final RepeatedMessage closedMessage;
  private final Map<StreamConnection, Entry> entries = new ConcurrentHashMap<>();

  /**
   * Creates the registry.
   *
   * @param maxConnections at least 1
   * @param protocol reads requests from new connections
   * @param warnings receives a message when connections are closed, not each time
   */
  OpenConnections(
      int maxConnections, ChannelListener<StreamConnection> protocol, Consumer<String> warnings) {
    this.closedMessage = new RepeatedMessage(warnings);
    this.maxConnections = maxConnections;
    this.protocol = protocol;
  }

  @Override
  public void handleEvent(StreamConnection connection) {
    Entry entry = new Entry(connection);
    entries.put(connection, entry);
    if (entries.size() > maxConnections && closeSlowest(entry)) {
      return;
    }
    connection.getSourceChannel().setConduit(new ObservedSource(entry));
    protocol.handleEvent(connection);
    ChannelListener<? super StreamConnection> onClose = connection.getCloseListener();
    connection.setCloseListener(
        closed -> {
          entries.remove(closed);
          ChannelListeners.invokeChannelListener(closed, onClose);
        });
    if (!connection.isOpen()) {
      entries.remove(connection);
    }
  }

  /** Follows the request of a connection: call it when its head has been received. */
  void begin(HttpServerExchange exchange) {
    Entry entry = entries.get(((AbstractServerConnection) exchange.getConnection()).getChannel());
    if (entry != null) {
      exchange.putAttachment(ENTRY, entry);
      entry.state = exchange.isRequestComplete() ? State.ANSWERING : State.RECEIVING;
    }
  }

  /** Marks that all of a request has been received. */
  static void received(HttpServerExchange exchange) {
    setState(exchange, State.ANSWERING);
  }

  /** Marks that a request has been answered. */
  static void end(HttpServerExchange exchange) {
    setState(exchange, State.IDLE);
  }

  private static void setState(HttpServerExchange exchange, State state) {
    Entry entry = exchange.getAttachment(ENTRY);
    if (entry != null) {
      entry.progressNanos = System.nanoTime();
      entry.state = state;
    }
  }

  /** Closes a connection; returns whether it is the new one, as all others are being answered. */
  private synchronized boolean closeSlowest(Entry newest) {
    long now = System.nanoTime();
    Entry slowest =
        entries.values().stream()
            .filter(entry -> entry != newest && entry.state != State.ANSWERING)
            .max(Comparator.comparingLong(entry -> now - entry.progressNanos))
            .orElse(newest);
    entries.remove(slowest.connection);
    closedMessage.log(
        "All %d connections are in use: closed the one without progress for longest"
            .formatted(maxConnections));
    if (slowest == newest) {
      refuse(newest);
      return true;
    }
    long chosenNanos = slowest.progressNanos;
    // Not at once: what a slow client has sent may not have been read yet.
    var unused =
        slowest
            .connection
            .getIoThread()
            .executeAfter(
                () -> close(slowest, chosenNanos), READ_TIME_MILLIS, TimeUnit.MILLISECONDS);
    return false;
  }

  private void close(Entry entry, long chosenNanos) {
    if (!entry.connection.isOpen()) {
      return;
    }
    if (entry.progressNanos != chosenNanos) {
      entries.put(entry.connection, entry);
      if (entries.size() > maxConnections) {
        closeSlowest(entry);
      }
      return;
    }
    switch (entry.state) {
      case ANSWERING -> entries.put(entry.connection, entry); // complete by now
      case RECEIVING -> refuse(entry);
      case IDLE -> IoUtils.safeClose(entry.connection); // between requests: nothing to answer
    }
  }

  private static void refuse(Entry entry) {
    try {
      byte[] body = Responses.toJson(ApiError.TOO_MANY_CONNECTIONS);
      String head =
          """
          HTTP/1.1 %d %s\r
          Content-Type: %s\r
          Content-Length: %d\r
          Retry-After: %s\r
          Connection: close\r
          \r
          """
              .formatted(
                  StatusCodes.SERVICE_UNAVAILABLE,
                  StatusCodes.SERVICE_UNAVAILABLE_STRING,
                  Responses.JSON,
                  body.length,
                  Responses.RETRY_AFTER_SECONDS);
      entry.source.read(ByteBuffer.allocate(DISCARDED_BYTES));
      entry.sink.write(
          new ByteBuffer[] {
            ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)), ByteBuffer.wrap(body)
          },
          0,
          2);
    } catch (IOException e) {
      LOG.debug("A client has disconnected before it was refused", e);
    } finally {
      IoUtils.safeClose(entry.connection);
    }
  }
}
