package dev.cxr.serve.http;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.inference.ServedModel;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(InferenceServer.class);

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
  private static final int WARM_UP_CONNECTIONS = 4;

  private enum Phase {
    SERVING,
    NOT_READY,
    SHUTTING_DOWN
  }

  private final List<ServedModel> models;
  private final ExecutorService decodeExecutor;
  private final ServerMetrics metrics = new ServerMetrics();
  private final ServerLimits limits;
  private final AllowedHosts allowedHosts;
  private final Router router;
  private final HttpListener listener;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile Phase phase = Phase.SERVING;
  private volatile long lastRequestNanos = System.nanoTime();

  private InferenceServer(
      List<ServedModel> models,
      ExecutorService decodeExecutor,
      ServerLimits limits,
      InetSocketAddress address,
      Collection<String> hosts,
      Consumer<String> warnings)
      throws IOException {
    this.models = models;
    this.decodeExecutor = decodeExecutor;
    this.limits = limits;
    this.allowedHosts = new AllowedHosts(address.getAddress(), hosts);
    ModelRegistry registry = new ModelRegistry(models);
    metrics.registerModels(models, this::isReady);
    this.router =
        new Router(
            registry,
            new ModelDescriptions(registry, Instant.now()),
            new PredictionHandler(new BodyReader(limits.maxBodyBytes(), decodeExecutor), metrics),
            metrics,
            () -> phase == Phase.SERVING);
    this.listener = HttpListener.open(address, limits, this::handle, warnings);
  }

  /**
   * Starts a server that clients reach as {@code localhost} and by addresses of this machine.
   *
   * @param bundles as for {@link #start(List, BatchSettings, String, int, Collection)}
   * @param settings as there
   * @param host as there
   * @param port as there
   * @return the running server
   * @throws IOException as there
   */
  public static InferenceServer start(
      List<Bundle> bundles, BatchSettings settings, String host, int port) throws IOException {
    return start(bundles, settings, host, port, List.of());
  }

  /**
   * Loads the bundles, checks the reference prediction of each, and starts to listen.
   *
   * @param bundles each must be given once
   * @param settings of every model
   * @param host an IP address of this machine; with {@link #LOOPBACK} no other machine can connect
   * @param port to listen on; 0 for any free port
   * @param allowedHosts what clients may name in {@code Host}, besides {@code localhost} and
   *     addresses of this machine
   * @return the running server
   * @throws UserErrorException if a bundle does not load or is given twice, the port is in use, or
   *     too few files may be open
   * @throws IOException if a file cannot be read
   */
  public static InferenceServer start(
      List<Bundle> bundles,
      BatchSettings settings,
      String host,
      int port,
      Collection<String> allowedHosts)
      throws IOException {
    return start(bundles, settings, host, port, allowedHosts, batchSize -> {});
  }

  static InferenceServer start(
      List<Bundle> bundles,
      BatchSettings settings,
      String host,
      int port,
      Collection<String> allowedHosts,
      IntConsumer batchSizeListener)
      throws IOException {
    ExecutorService decodeExecutor =
        Executors.newFixedThreadPool(ServerLimits.detect().decodeThreads());
    List<ServedModel> models = new ArrayList<>();
    AtomicReference<IntConsumer> listener = new AtomicReference<>(batchSize -> {});
    try {
      for (Bundle bundle : bundles) {
        models.add(
            ServedModel.load(
                bundle,
                settings,
                decodeExecutor,
                size -> Objects.requireNonNull(listener.get()).accept(size)));
      }
      warmUp(models, decodeExecutor);
      InferenceServer server =
          new InferenceServer(
              models,
              decodeExecutor,
              ServerLimits.detect(),
              new InetSocketAddress(InetAddress.getByName(host), port),
              allowedHosts,
              LOG::warn);
      listener.set(batchSizeListener.andThen(server.metrics::recordBatch));
      return server;
    } catch (RuntimeException | IOException e) {
      models.forEach(ServedModel::close);
      decodeExecutor.shutdownNow();
      if (e instanceof BindException) {
        throw UserErrorException.of(
            "a free port",
            "%s:%d in use".formatted(host, port),
            "Stop the program that uses it, or choose another --port.");
      }
      throw e;
    }
  }

  /** Runs every kind of request once, in a server of its own that only this process can find. */
  private static void warmUp(List<ServedModel> models, ExecutorService decodeExecutor)
      throws IOException {
    ServerLimits limits = ServerLimits.detect().withConnections(WARM_UP_CONNECTIONS);
    InferenceServer server =
        new InferenceServer(
            models,
            decodeExecutor,
            limits,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(),
            LOG::debug);
    try {
      WarmUp.run(server.port(), models);
      System.gc(); // the metrics load code at the first one
    } finally {
      server.listener.close();
    }
  }

  private boolean isReady() {
    return phase == Phase.SERVING && models.stream().allMatch(ServedModel::isHealthy);
  }

  /** {@return the port that the server listens on} */
  public int port() {
    return listener.address().getPort();
  }

  /**
   * {@return a base URL that clients on this machine can open, such as {@code
   * http://127.0.0.1:8080}}
   */
  public String address() {
    InetAddress address = listener.address().getAddress();
    String host = address.isAnyLocalAddress() ? LOOPBACK : address.getHostAddress();
    return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port());
  }

  /** {@return what the server uses at most, for people: connections, bodies, decoding} */
  public String limits() {
    return limits.toString();
  }

  /** {@return the served models, in the order of the bundles} */
  public List<ServedModel> models() {
    return models;
  }

  private void handle(HttpServerExchange exchange) {
    inFlight.incrementAndGet();
    lastRequestNanos = System.nanoTime();
    Responses.assignRequestId(exchange);
    exchange.addExchangeCompleteListener(
        (completed, nextListener) -> {
          inFlight.decrementAndGet();
          OpenConnections.end(completed);
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
    if (!allowedHosts.allows(exchange)) {
      String host = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Host"), "");
      exchange.setReasonPhrase("Misdirected Request"); // unknown to Undertow
      Responses.failAndClose(exchange, ApiError.unknownHost(Responses.printable(host)));
      return;
    }
    try {
      router.handleRequest(exchange);
    } catch (IOException | RuntimeException | LinkageError e) {
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
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    decodeExecutor.shutdown();
    models.forEach(ServedModel::close);
  }

  private static boolean isWithin(Duration time, long sinceNanos) {
    return System.nanoTime() - sinceNanos < time.toNanos();
  }
}
