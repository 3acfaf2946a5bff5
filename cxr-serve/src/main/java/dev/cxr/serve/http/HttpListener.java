package dev.cxr.serve.http;

import io.undertow.Handlers;
import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.xnio.ChannelListeners;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * Accepts connections and reads requests. Undertow's own builder gives no access to connections
 * that have not sent a whole head, which {@link OpenConnections} has to count and to close.
 */
final class HttpListener implements AutoCloseable {

  private static final int IO_THREADS = 2;
  private static final int BUFFER_BYTES = (16 << 10) - 20; // Undertow's default
  private static final int WRITE_TIMEOUT_MILLIS = 30_000;
  private static final int HEAD_TIMEOUT_MILLIS = 10_000;
  private static final int IDLE_TIMEOUT_MILLIS = 60_000;
  private static final int MAX_HEADER_BYTES = 64 << 10;

  /** What a client may still send after its body was rejected, before it is disconnected. */
  private static final long REJECTED_BODY_BYTES = 16 << 20;

  private final XnioWorker worker;
  private final ByteBufferPool buffers;
  private final HttpOpenListener protocol;
  private final AcceptingChannel<? extends StreamConnection> server;

  private HttpListener(
      XnioWorker worker,
      InetSocketAddress address,
      ServerLimits limits,
      Handler handler,
      Consumer<String> warnings)
      throws IOException {
    this.worker = worker;
    this.buffers = new DefaultByteBufferPool(true, BUFFER_BYTES, -1, 4);
    this.protocol =
        new HttpOpenListener(
            buffers,
            OptionMap.builder()
                .set(
                    UndertowOptions.MAX_ENTITY_SIZE,
                    BodyReader.MAX_BODY_BYTES + REJECTED_BODY_BYTES)
                .set(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .set(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEAD_TIMEOUT_MILLIS)
                .set(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_TIMEOUT_MILLIS)
                .set(UndertowOptions.BUFFER_PIPELINED_DATA, true)
                .getMap());
    OpenConnections connections = new OpenConnections(limits.maxConnections(), protocol, warnings);
    protocol.setRootHandler(
        Handlers.httpContinueRead(
            exchange -> {
              connections.begin(exchange);
              handler.accept(exchange);
            }));
    this.server =
        worker.createStreamConnectionServer(
            address,
            ChannelListeners.openListenerAdapter(connections),
            OptionMap.builder()
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, 1_000)
                .set(Options.WRITE_TIMEOUT, WRITE_TIMEOUT_MILLIS)
                // Waits with more until connections are closed: descriptors never run out.
                .set(Options.CONNECTION_HIGH_WATER, limits.maxDescriptors())
                .set(Options.CONNECTION_LOW_WATER, limits.maxDescriptors())
                .getMap());
    server.resumeAccepts();
  }

  /** Handles a request on the I/O thread of its connection. */
  interface Handler extends Consumer<HttpServerExchange> {}

  /**
   * Starts to listen.
   *
   * @param warnings receives what the operator should know, not too often
   * @throws IOException if the address cannot be bound
   */
  static HttpListener open(
      InetSocketAddress address, ServerLimits limits, Handler handler, Consumer<String> warnings)
      throws IOException {
    XnioWorker worker =
        Xnio.getInstance(HttpListener.class.getClassLoader())
            .createWorker(
                OptionMap.builder()
                    .set(Options.WORKER_IO_THREADS, IO_THREADS)
                    .set(Options.WORKER_TASK_CORE_THREADS, 1) // no handler uses it
                    .set(Options.WORKER_TASK_MAX_THREADS, 1)
                    .getMap());
    try {
      return new HttpListener(worker, address, limits, handler, warnings);
    } catch (IOException | RuntimeException e) {
      worker.shutdownNow();
      throw e;
    }
  }

  /** The address that it listens on. */
  InetSocketAddress address() {
    return server.getLocalAddress(InetSocketAddress.class);
  }

  /** Closes all connections. */
  @Override
  public void close() throws IOException {
    server.close();
    protocol.closeConnections();
    worker.shutdownNow();
    try {
      worker.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    buffers.close();
  }
}
