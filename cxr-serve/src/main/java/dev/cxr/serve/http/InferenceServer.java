package dev.cxr.serve.http;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.inference.Batching;
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
  public static final String THIS_MACHINE = "127.0.0.1";

  /** How long it goes on after it has said that it is not ready, so that balancers notice. */
  private static final Duration NOTICE = Duration.ofSeconds(1);

  /** How long requests that were accepted may still take. */
  private static final Duration TO_FINISH = Duration.ofSeconds(20);

  /**
   * How long nothing may have come before it hangs up: a request that was sent while the answer to
   * another was on its way is still answered.
   */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** How long it waits for that quiet while others keep asking. */
  private static final Duration TO_BECOME_QUIET = Duration.ofSeconds(3);

  private static final int MILLIS_TO_LOOK_AGAIN = 20;
  private static final int MOST_CONNECTIONS = 2_000;
  private static final int SECONDS_WITHOUT_A_BYTE = 30;
  private static final int SECONDS_FOR_A_HEAD = 10;
  private static final int LONGEST_HEAD = 64 << 10;

  /** What a client may still send after its body was refused, before it is cut off. */
  private static final long TO_SPARE = 1 << 20;

  /** Where it is between listening and having left. */
  private enum Phase {
    SERVING,
    NOTICE_GIVEN,
    LEAVING
  }

  private final List<ServedModel> models;
  private final ExecutorService decoders;
  private final Metrics metrics;
  private final Undertow undertow;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile Phase phase = Phase.SERVING;
  private volatile long lastAsked = System.nanoTime();

  private InferenceServer(
      List<ServedModel> models, ExecutorService decoders, Metrics metrics, String host, int port) {
    this.models = models;
    this.decoders = decoders;
    this.metrics = metrics;
    ModelDirectory directory = new ModelDirectory(models);
    metrics.watch(models);
    BodyReader bodies = new BodyReader(Runtime.getRuntime().maxMemory() / 4);
    Routes routes =
        new Routes(
            directory,
            new Descriptions(directory, Instant.now()),
            new PredictionHandler(bodies, metrics),
            metrics,
            () -> phase == Phase.SERVING);
    this.undertow =
        Undertow.builder()
            .addHttpListener(port, host)
            .setIoThreads(2)
            .setWorkerThreads(1) // nothing of ours runs there
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, BodyReader.LARGEST_BODY + TO_SPARE)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, LONGEST_HEAD)
            .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
            .setServerOption(
                UndertowOptions.REQUEST_PARSE_TIMEOUT,
                (int) Duration.ofSeconds(SECONDS_FOR_A_HEAD).toMillis())
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 60_000)
            .setSocketOption(
                Options.WRITE_TIMEOUT, (int) Duration.ofSeconds(SECONDS_WITHOUT_A_BYTE).toMillis())
            .setSocketOption(Options.BACKLOG, 1_000)
            .setWorkerOption(Options.CONNECTION_HIGH_WATER, MOST_CONNECTIONS)
            .setWorkerOption(Options.CONNECTION_LOW_WATER, MOST_CONNECTIONS)
            .setHandler(Handlers.httpContinueRead(exchange -> handle(exchange, routes)))
            .build();
  }

  /**
   * Loads the bundles, checks that each predicts its golden picture, and begins to listen.
   *
   * @param host an address of this machine; {@link #THIS_MACHINE} keeps others out
   * @param port to listen on; 0 for any free one
   * @throws UserErrorException if a bundle does not load, comes twice, or the port is taken
   * @throws IOException if a file cannot be read
   */
  public static InferenceServer start(
      List<Bundle> bundles, Batching batching, String host, int port) throws IOException {
    ExecutorService decoders =
        Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()));
    Metrics metrics = new Metrics();
    List<ServedModel> models = new ArrayList<>();
    try {
      for (Bundle bundle : bundles) {
        models.add(ServedModel.load(bundle, batching, decoders, metrics::batch));
      }
      InferenceServer server = new InferenceServer(models, decoders, metrics, host, port);
      server.undertow.start();
      metrics.ready(true);
      return server;
    } catch (RuntimeException | IOException e) {
      models.forEach(ServedModel::close);
      decoders.shutdownNow();
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

  private void handle(HttpServerExchange exchange, Routes routes) {
    inFlight.incrementAndGet();
    lastAsked = System.nanoTime();
    Reply.begin(exchange);
    exchange.addExchangeCompleteListener(
        (completed, next) -> {
          inFlight.decrementAndGet();
          double seconds = (System.nanoTime() - completed.getRequestStartTime()) / 1e9;
          metrics.answered(Routes.endpoint(completed), completed.getStatusCode(), seconds);
          next.proceed();
        });
    if (phase != Phase.SERVING) {
      exchange.setPersistent(false);
    }
    if (phase == Phase.LEAVING) {
      Reply.fail(exchange, ApiError.LEAVING);
      return;
    }
    try {
      routes.handleRequest(exchange);
    } catch (IOException | RuntimeException e) {
      PredictionHandler.unexpected(exchange, e);
    }
  }

  /**
   * Says at once that it is not ready, goes on for a moment so that balancers send no more, answers
   * what it has accepted, and leaves; at the latest after {@code NOTICE} and {@code TO_FINISH}.
   */
  @Override
  public void close() {
    leave(NOTICE, TO_BECOME_QUIET);
  }

  /** As {@link #close()}, but for whoever knows that nobody is asking. */
  public void closeAtOnce() {
    leave(Duration.ZERO, Duration.ZERO);
  }

  private void leave(Duration notice, Duration toBecomeQuiet) {
    phase = Phase.NOTICE_GIVEN;
    metrics.ready(false);
    try {
      Thread.sleep(notice.toMillis());
      phase = Phase.LEAVING;
      long since = System.nanoTime();
      while ((inFlight.get() > 0 && isWithin(TO_FINISH, since))
          || (isWithin(QUIET, lastAsked) && isWithin(toBecomeQuiet, since))) {
        Thread.sleep(MILLIS_TO_LOOK_AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    undertow.stop();
    decoders.shutdown();
    models.forEach(ServedModel::close);
  }

  private static boolean isWithin(Duration time, long sinceNanos) {
    return System.nanoTime() - sinceNanos < time.toNanos();
  }
}
