package dev.cxr.serve.cli;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.Workload;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.http.InferenceServer;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.inference.ServedModel;
import dev.cxr.serve.packaging.DjlServingInstallation;
import dev.cxr.serve.packaging.DjlServingInstallation.PackagedModel;
import dev.cxr.serve.packaging.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves bundles until it is told to stop. */
@Command(
    name = "run",
    description = {
      "Serve bundles over HTTP as DJL Serving does, on this machine only, until Ctrl-C.",
      "Open its address in a browser to ask about pictures; POST one to /predictions/NAME from a"
          + " program. GET /ping tells that it is ready."
    })
public final class ServeCommand implements EngineCommand {

  /** A name would be looked up on the network. */
  private static final Pattern IP_ADDRESS =
      Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** Who answers. */
  enum ServerEngine {
    EMBEDDED("embedded"),
    DJL_SERVING("djl-serving");

    private final String name;

    ServerEngine(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description =
          "A bundle folder that training printed at its end; repeat it to serve several. Of two"
              + " with one name the first answers, the others by /predictions/NAME/BUNDLE.")
  private List<Path> bundleFolders = List.of();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = InferenceServer.LOOPBACK,
      description =
          "Address of this machine to listen on (default: ${DEFAULT-VALUE}, which other machines"
              + " cannot reach). There is no password: 0.0.0.0 lets everybody in.")
  private String host = InferenceServer.LOOPBACK;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "8",
      description = "The most pictures predicted at once (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--max-batch-delay",
      paramLabel = "MS",
      defaultValue = "5",
      description =
          "The longest that a batch waits for pictures that are being decoded (default:"
              + " ${DEFAULT-VALUE}); one that is alone never waits.")
  private long maxBatchDelay;

  @Option(
      names = "--job-queue-size",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "How many pictures may wait behind that batch; more are refused with 503 (default:"
              + " ${DEFAULT-VALUE}).")
  private int jobQueueSize;

  @Option(
      names = "--engine",
      paramLabel = "SERVER",
      defaultValue = "embedded",
      description = {
        "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "djl-serving packages the bundles and starts the DJL Serving that is installed: on the"
            + " PATH, or where DJL_SERVING_HOME says."
      })
  private ServerEngine engine = ServerEngine.EMBEDDED;

  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!IP_ADDRESS.matcher(host).matches()) {
      throw UserErrorException.ofUsage(
          "an address such as 127.0.0.1 or ::1 for --host",
          "'%s'".formatted(host),
          "Give the address itself: names would be looked up on the network.");
    }
    if (port < 0 || port > 65_535) {
      throw UserErrorException.ofUsage(
          "a --port of 0 to 65535", String.valueOf(port), "Choose one of those.");
    }
    BatchSettings batching =
        new BatchSettings(batchSize, Duration.ofMillis(maxBatchDelay), jobQueueSize);
    List<Bundle> bundles = new ArrayList<>();
    for (Path folder : bundleFolders) {
      bundles.add(Bundle.open(folder));
    }
    return switch (engine) {
      case EMBEDDED -> startEmbedded(bundles, batching);
      case DJL_SERVING -> startDjlServing(bundles);
    };
  }

  private int startEmbedded(List<Bundle> bundles, BatchSettings batching)
      throws IOException, InterruptedException {
    System.setProperty("org.jboss.logging.provider", "slf4j"); // Undertow's, else on the terminal
    InferenceServer server = InferenceServer.start(bundles, batching, host, port);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "answer-and-leave"));
    for (ServedModel model : server.models()) {
      System.out.printf(
          "Serving %s (bundle %s) at %s%n", model.name(), model.version(), server.address());
      if (model.bundle().manifest().data().synthetic()) {
        System.out.println(
            "It learned from the built-in synthetic sample: its answers say nothing about"
                + " medicine.");
      }
    }
    System.out.printf("Page: %s/%n", server.address());
    System.out.printf(
        "Try:  curl -T IMAGE.jpeg -X POST %s/predictions/%s%n",
        server.address(), server.models().get(0).name());
    System.out.println("Research software, not a medical device. Stop with Ctrl-C.");
    new CountDownLatch(1).await(); // the process ends by a signal, whose hook answers and leaves
    return 0;
  }

  private int startDjlServing(List<Bundle> bundles) throws IOException, InterruptedException {
    DjlServingInstallation djlServing = DjlServingInstallation.find(System.getenv());
    Path workFolder = Files.createTempDirectory("cxr-djl-serving");
    Thread cleanUpHook = new Thread(() -> deleteRecursively(workFolder), "remove-packages");
    Runtime.getRuntime().addShutdownHook(cleanUpHook);
    List<PackagedModel> packagedModels = new ArrayList<>();
    for (Bundle bundle : bundles) {
      Path folder = workFolder.resolve(bundle.manifest().name() + "-" + bundle.id());
      ModelPackage.write(bundle, folder);
      packagedModels.add(new PackagedModel(bundle.manifest().name(), bundle.id(), folder));
    }
    return djlServing.run(packagedModels, "http://%s:%d".formatted(host, port), workFolder);
  }

  private static void deleteRecursively(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("cxr: left behind: " + folder);
    }
  }
}
