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
import org.xnio.Options;

/**
 * Models behind HTTP, with the paths, bodies and success answers of DJL Serving 0.36.
 *
 * <p>It listens only once every bundle has predicted its golden picture. Requests are received
 * without holding a thread, so that slow clients cost others nothing; what does not fit in a
 * model's queue is refused at once. It never opens a connection, and nothing that a request holds
 * is taken for an address or a path.
 */
public final class InferenceServer implements AutoCloseable {

  /** Only programs on this machine can reach it. */
  public static final String LOOPBACK = "127.0.0.1";

  /** How long it goes on after it has said that it is not ready, so that balancers notice. */
  private static final Duration SHUTDOWN_NOTICE = Duration.ofSeconds(1);

  /** How long requests that were accepted may still take. */
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

  /**
   * How long nothing may have come before it hangs up: a request that was sent while the answer to
   * another was on its way is still answered.
   */
  private static final Duration IDLE_TIME = Duration.ofMillis(300);

  /** How long it waits for that quiet while others keep asking. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(3);

  private static final int POLL_MILLIS = 20;
  private static final int MAX_CONNECTIONS = 2_000;
  private static final int WRITE_TIMEOUT_SECONDS = 30;
  private static final int HEAD_TIMEOUT_SECONDS = 10;
  private static final int MAX_HEADER_BYTES = 64 << 10;

  /** What a client may still send after its body was refused, before it is cut off. */
  private static final long REJECTED_BODY_BYTES = 1 << 20;

  /** Where it is between listening and having left. */
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
    metrics.registerModels(models);
    BodyReader bodyReader = new BodyReader(Runtime.getRuntime().maxMemory() / 4);
    Router router =
        new Router(
            registry,
            new ModelDescriptions(registry, Instant.now()),
            new PredictionHandler(bodyReader, metrics),
            metrics,
            () -> phase == Phase.SERVING);
    this.undertow =
        Undertow.builder()
            .addHttpListener(port, host)
            .setIoThreads(2)
            .setWorkerThreads(1) // nothing of ours runs there
            .setServerOption(
                UndertowOptions.MAX_ENTITY_SIZE, BodyReader.MAX_BODY_BYTES + REJECTED_BODY_BYTES)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
            .setServerOption(
                UndertowOptions.REQUEST_PARSE_TIMEOUT,
                (int) Duration.ofSeconds(HEAD_TIMEOUT_SECONDS).toMillis())
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 60_000)
            .setSocketOption(
                Options.WRITE_TIMEOUT, (int) Duration.ofSeconds(WRITE_TIMEOUT_SECONDS).toMillis())
            .setSocketOption(Options.BACKLOG, 1_000)
            .setWorkerOption(Options.CONNECTION_HIGH_WATER, MAX_CONNECTIONS)
            .setWorkerOption(Options.CONNECTION_LOW_WATER, MAX_CONNECTIONS)
            .setHandler(Handlers.httpContinueRead(exchange -> handle(exchange, router)))
            .build();
  }

  /**
   * Loads the bundles, checks that each predicts its golden picture, and begins to listen.
   *
   * @param host an address of this machine; {@link #LOOPBACK} keeps others out
   * @param port to listen on; 0 for any free one
   * @throws UserErrorException if a bundle does not load, comes twice, or the port is taken
   * @throws IOException if a file cannot be read
   */
  public static InferenceServer start(
      List<Bundle> bundles, BatchSettings settings, String host, int port) throws IOException {
    ExecutorService decodeExecutor =
        Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()));
    ServerMetrics metrics = new ServerMetrics();
    List<ServedModel> models = new ArrayList<>();
    try {
      for (Bundle bundle : bundles) {
        models.add(ServedModel.load(bundle, settings, decodeExecutor, metrics::recordBatch));
      }
      InferenceServer server = new InferenceServer(models, decodeExecutor, metrics, host, port);
      server.undertow.start();
      metrics.readiness(true);
      return server;
    } catch (RuntimeException | IOException e) {
      models.forEach(ServedModel::close);
      decodeExecutor.shutdownNow();
      if (e.getCause() instanceof BindException) {
        throw UserErrorException.of(
            "a free port",
            "%s:%d in use".formatted(host, port),
            "Stop what listens there or choose another --port.");
      }
      throw e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  /** The address to type. */
  public String address() {
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    String host = address.getAddress().getHostAddress();
    return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port());
  }

  /** What it serves, in the order given. */
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
   * Says at once that it is not ready, goes on for a moment so that balancers send no more, answers
   * what it has accepted, and leaves; at the latest after {@code NOTICE} and {@code TO_FINISH}.
   */
  @Override
  public void close() {
    shutDown(SHUTDOWN_NOTICE, IDLE_TIMEOUT);
  }

  /** As {@link #close()}, but for whoever knows that nobody is asking. */
  public void closeNow() {
    shutDown(Duration.ZERO, Duration.ZERO);
  }

  private void shutDown(Duration notice, Duration idleTimeout) {
    phase = Phase.NOT_READY;
    metrics.readiness(false);
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
