package dev.cxr.serve.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.runtime.Workload;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.cli.InferenceEngineOption;
import dev.cxr.models.cli.PrecisionOption;
import dev.cxr.models.engine.Precision;
import dev.cxr.serve.http.InferenceServer;
import dev.cxr.serve.http.UndertowLog;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.inference.ServedModel;
import dev.cxr.serve.packaging.DjlServingInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves bundles until the process is terminated. */
@Command(
    name = "serve",
    description = {
      "Serve bundles with the HTTP API of DJL Serving, on this machine only, until Ctrl-C.",
      "In a browser, open the printed address. From a program, POST an image to /predictions/NAME."
          + " GET /ping returns 200 once the server is ready."
    })
public final class ServeCommand implements EngineCommand {

  /** Printed with every prediction of a model of the synthetic sample. */
  static final String SYNTHETIC_NOTICE =
      "Trained on the built-in synthetic sample: predictions have no medical meaning.";

  /** Host names are rejected: resolving one would open a connection. */
  private static final Pattern IP_ADDRESS =
      Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** The server program. */
  enum ServerProgram {
    EMBEDDED,
    DJL_SERVING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description =
          "A bundle folder, as printed at the end of training; repeat it to serve several. Of two"
              + " with the same name, /predictions/NAME is the first; use /predictions/NAME/BUNDLE"
              + " for others.")
  private List<Path> bundleFolders = List.of();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = InferenceServer.LOOPBACK,
      description =
          "IP address of this machine to listen on (default: ${DEFAULT-VALUE}, not reachable from"
              + " other machines). There is no authentication: 0.0.0.0 gives everybody access.")
  private String host = InferenceServer.LOOPBACK;

  @Option(
      names = "--allowed-host",
      paramLabel = "NAME",
      description =
          "A name or address by which clients reach the server, such as that of a container, a"
              + " Kubernetes service or a proxy that keeps Host; repeat it for several. Without it"
              + " only localhost and addresses of this machine are answered: web pages cannot reach"
              + " the server under a name of theirs.")
  private List<String> allowedHosts = List.of();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on; 0 for any free port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "8",
      description = "Maximum number of images per batch (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--max-batch-delay",
      paramLabel = "MS",
      defaultValue = "5",
      description =
          "How long a batch waits for images that are being decoded, in milliseconds (default:"
              + " ${DEFAULT-VALUE}). A single request never waits.")
  private long maxBatchDelay;

  @Option(
      names = "--job-queue-size",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "How many images may wait behind the current batch (default: ${DEFAULT-VALUE}). More are"
              + " rejected with status 503.")
  private int jobQueueSize;

  @Option(
      names = "--server",
      paramLabel = "NAME",
      defaultValue = "embedded",
      description = {
        "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "djl-serving packages the bundles and starts an installed DJL Serving: the one in"
            + " DJL_SERVING_HOME, or djl-serving on the PATH."
      })
  private ServerProgram server = ServerProgram.EMBEDDED;

  @Mixin private InferenceEngineOption engine = new InferenceEngineOption();

  @Mixin private PrecisionOption precision = new PrecisionOption();

  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    engine.use();
    precision.use();
    if (!IP_ADDRESS.matcher(host).matches()) {
      throw UsageErrorException.of(
          "an IP address such as 127.0.0.1 or ::1 for --host",
          "'%s'".formatted(host),
          "Give an IP address; host names are not resolved.");
    }
    if (port < 0 || port > 65_535) {
      throw UsageErrorException.of(
          "0 to 65535 for --port", String.valueOf(port), "Give a number in that range.");
    }
    if (server == ServerProgram.DJL_SERVING && !allowedHosts.isEmpty()) {
      throw UsageErrorException.of(
          "--allowed-host with the embedded server",
          "--server djl-serving",
          "Leave one of them out; DJL Serving answers every Host.");
    }
    if (server == ServerProgram.DJL_SERVING && Precision.current() != Precision.FLOAT32) {
      throw UsageErrorException.of(
          "--precision with the embedded server",
          "--server djl-serving",
          "Leave one of them out; DJL Serving predicts with float32.");
    }
    BatchSettings batchSettings =
        new BatchSettings(batchSize, Duration.ofMillis(maxBatchDelay), jobQueueSize);
    List<Bundle> bundles = new ArrayList<>();
    for (Path folder : bundleFolders) {
      bundles.add(Bundle.open(folder));
    }
    return switch (server) {
      case EMBEDDED -> startEmbedded(bundles, batchSettings);
      case DJL_SERVING ->
          DjlServingInstallation.run(
              System.getenv(), bundles, "http://%s:%d".formatted(host, port));
    };
  }

  private int startEmbedded(List<Bundle> bundles, BatchSettings batchSettings)
      throws IOException, InterruptedException {
    UndertowLog.install();
    InferenceServer server =
        InferenceServer.start(bundles, batchSettings, host, port, allowedHosts);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "graceful-shutdown"));
    for (ServedModel model : server.models()) {
      System.out.printf(
          "Serving %s (bundle %s) at %s%n", model.name(), model.version(), server.address());
      System.out.printf("Predicted by %s%n", model.computation());
      if (model.bundle().manifest().data().synthetic()) {
        System.out.println(SYNTHETIC_NOTICE);
      }
    }
    System.out.printf("Page: %s/%n", server.address());
    System.out.printf(
        "Try:  curl -T IMAGE.jpeg -X POST %s/predictions/%s%n",
        server.address(), server.models().get(0).name());
    System.out.println("At most " + server.limits());
    System.out.println("Research software, not a medical device. Stop with Ctrl-C.");
    new CountDownLatch(1).await(); // until a signal runs the shutdown hook
    return 0;
  }
}
