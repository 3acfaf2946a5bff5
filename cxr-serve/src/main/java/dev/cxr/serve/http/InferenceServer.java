package dev.cxr.serve.http;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.inference.ServedModel;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.xnio.Options;

/**
 * An HTTP server for models, with the paths, bodies and responses of DJL Serving 0.36.
 *
 * <p>It listens only after every bundle has reproduced its reference prediction. Receiving a
 * request blocks no thread, so slow clients do not delay others. A request that does not fit into a
 * model's queue is rejected at once. The server opens no connection, and uses nothing in a request
 * as a URL or a path.
 *
 * @since 0.1
 */
public final class InferenceServer implements AutoCloseable {

  /** The default host: only programs on this machine can connect. */
  public static final String LOOPBACK = "127.0.0.1";

  /** How long it still serves after it reports not ready, so that load balancers notice. */
  private static final Duration SHUTDOWN_NOTICE = Duration.ofSeconds(1);

  /** How long accepted requests may take during shutdown. */
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

  /**
   * The longest time that {@link #close()} waits: what stops the process must leave it more than
   * this.
   */
  public static final Duration MAX_SHUTDOWN_TIME = SHUTDOWN_NOTICE.plus(DRAIN_TIMEOUT);

  /**
   * The time without a new request after which connections are closed: a client may have sent
   * another request while it received a response.
   */
  private static final Duration IDLE_TIME = Duration.ofMillis(300);

  /** How long to wait for {@link #IDLE_TIME} while clients keep sending requests. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(3);

  private static final int POLL_MILLIS = 20;
  private static final int MAX_CONNECTIONS = 2_000;
  private static final int WRITE_TIMEOUT_MILLIS = 30_000;
  private static final int HEAD_TIMEOUT_MILLIS = 10_000;
  private static final int MAX_HEADER_BYTES = 64 << 10;

  /** What a client may still send after its body was rejected, before it is disconnected. */
  private static final long REJECTED_BODY_BYTES = 1 << 20;

  private enum Phase {
    SERVING,
    NOT_READY,
    SHUTTING_DOWN
  }

  private final List<ServedModel> models;
  private final ExecutorService decodeExecutor;
  private final ServerMetrics metrics;
  private final Undertow undertow;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile Phase phase = Phase.SERVING;
  private volatile long lastRequestNanos = System.nanoTime();

  private InferenceServer(
      List<ServedModel> models,
      ExecutorService decodeExecutor,
      ServerMetrics metrics,
      String host,
      int port) {
    this.models = models;
    this.decodeExecutor = decodeExecutor;
    this.metrics = metrics;
    ModelRegistry registry = new ModelRegistry(models);
    metrics.registerModels(models, this::isReady);
    Router router =
        new Router(
            registry,
            new ModelDescriptions(registry, Instant.now()),
            new PredictionHandler(new BodyReader(Runtime.getRuntime().maxMemory() / 4), metrics),
            metrics,
            () -> phase == Phase.SERVING);
    this.undertow =
        Undertow.builder()
            .addHttpListener(port, host)
            .setIoThreads(2)
            .setWorkerThreads(1) // no handler uses it
            .setServerOption(
                UndertowOptions.MAX_ENTITY_SIZE, BodyReader.MAX_BODY_BYTES + REJECTED_BODY_BYTES)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEAD_TIMEOUT_MILLIS)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 60_000)
            .setSocketOption(Options.WRITE_TIMEOUT, WRITE_TIMEOUT_MILLIS)
            .setSocketOption(Options.BACKLOG, 1_000)
            .setWorkerOption(Options.CONNECTION_HIGH_WATER, MAX_CONNECTIONS)
            .setWorkerOption(Options.CONNECTION_LOW_WATER, MAX_CONNECTIONS)
            .setHandler(Handlers.httpContinueRead(exchange -> handle(exchange, router)))
            .build();
  }

  /**
   * Loads the bundles, checks the reference prediction of each, and starts to listen.
   *
   * @param bundles each must be given once
   * @param settings of every model
   * @param host an IP address of this machine; with {@link #LOOPBACK} no other machine can connect
   * @param port to listen on; 0 for any free port
   * @return the running server
   * @throws UserErrorException if a bundle does not load or is given twice, or the port is in use
   * @throws IOException if a file cannot be read
   */
  public static InferenceServer start(
      List<Bundle> bundles, BatchSettings settings, String host, int port) throws IOException {
    return start(bundles, settings, host, port, batchSize -> {});
  }

  static InferenceServer start(
      List<Bundle> bundles,
      BatchSettings settings,
      String host,
      int port,
      IntConsumer batchSizeListener)
      throws IOException {
    ExecutorService decodeExecutor =
        Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()));
    ServerMetrics metrics = new ServerMetrics();
    List<ServedModel> models = new ArrayList<>();
    try {
      for (Bundle bundle : bundles) {
        IntConsumer listener = batchSizeListener.andThen(metrics::recordBatch);
        models.add(ServedModel.load(bundle, settings, decodeExecutor, listener));
      }
      InferenceServer server = new InferenceServer(models, decodeExecutor, metrics, host, port);
      server.undertow.start();
      return server;
    } catch (RuntimeException | IOException e) {
      models.forEach(ServedModel::close);
      decodeExecutor.shutdownNow();
      if (e.getCause() instanceof BindException) {
        throw UserErrorException.of(
            "a free port",
            "%s:%d in use".formatted(host, port),
            "Stop the program that uses it, or choose another --port.");
      }
      throw e;
    }
  }

  private boolean isReady() {
    return phase == Phase.SERVING && models.stream().allMatch(ServedModel::isHealthy);
  }

  /** {@return the port that the server listens on} */
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  /** {@return the base URL, such as {@code http://127.0.0.1:8080}} */
  public String address() {
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    String host = address.getAddress().getHostAddress();
    return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port());
  }

  /** {@return the served models, in the order of the bundles} */
  public List<ServedModel> models() {
    return models;
  }

  private void handle(HttpServerExchange exchange, Router router) {
    inFlight.incrementAndGet();
    lastRequestNanos = System.nanoTime();
    Responses.assignRequestId(exchange);
    exchange.addExchangeCompleteListener(
        (completed, nextListener) -> {
          inFlight.decrementAndGet();
          double seconds = (System.nanoTime() - completed.getRequestStartTime()) / 1e9;
          metrics.recordRequest(Router.endpoint(completed), completed.getStatusCode(), seconds);
          nextListener.proceed();
        });
    if (phase != Phase.SERVING) {
      exchange.setPersistent(false);
    }
    if (phase == Phase.SHUTTING_DOWN) {
      Responses.fail(exchange, ApiError.SHUTTING_DOWN);
      return;
    }
    try {
      router.handleRequest(exchange);
    } catch (IOException | RuntimeException e) {
      PredictionHandler.failUnexpectedly(exchange, e);
    }
  }

  /**
   * Reports not ready at once, serves for one more second so that load balancers notice, completes
   * the accepted requests (for at most 20 seconds) and stops.
   */
  @Override
  public void close() {
    shutDown(SHUTDOWN_NOTICE, IDLE_TIMEOUT);
  }

  /** Like {@link #close()}, but without waiting for new requests. */
  public void closeNow() {
    shutDown(Duration.ZERO, Duration.ZERO);
  }

  private void shutDown(Duration notice, Duration idleTimeout) {
    phase = Phase.NOT_READY;
    try {
      Thread.sleep(notice.toMillis());
      phase = Phase.SHUTTING_DOWN;
      long startNanos = System.nanoTime();
      while ((inFlight.get() > 0 && isWithin(DRAIN_TIMEOUT, startNanos))
          || (isWithin(IDLE_TIME, lastRequestNanos) && isWithin(idleTimeout, startNanos))) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    undertow.stop();
    decodeExecutor.shutdown();
    models.forEach(ServedModel::close);
  }

  private static boolean isWithin(Duration time, long sinceNanos) {
    return System.nanoTime() - sinceNanos < time.toNanos();
  }
}
