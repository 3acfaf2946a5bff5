package dev.cxr.serve;

import dev.cxr.data.shell.EngineCommand;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves a bundle until it is told to stop. */
@Command(
    name = "run",
    description = {
      "Serve a bundle over HTTP as DJL Serving does, on this machine only, until Ctrl-C.",
      "POST an image to /predictions/NAME for its probabilities; GET /ping tells that it is ready."
    })
final class RunCommand implements EngineCommand {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder that training printed at its end.")
  private Path folder = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port on 127.0.0.1, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.setProperty("org.jboss.logging.provider", "slf4j"); // Undertow's, else on the terminal
    Bundle bundle = Bundle.open(folder);
    CountDownLatch stopped = new CountDownLatch(1);
    try (InferenceServer server = InferenceServer.start(bundle, port)) {
      Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown, "stop-serving"));
      String name = bundle.manifest().name();
      System.out.printf(
          "Serving %s (bundle %s) at http://127.0.0.1:%d%n", name, bundle.id(), server.port());
      System.out.printf(
          "Try:  curl --data-binary @IMAGE.jpeg http://127.0.0.1:%d/predictions/%s%n",
          server.port(), name);
      if (bundle.manifest().data().synthetic()) {
        System.out.println(
            "It learned from the built-in synthetic sample: its answers say nothing about medicine.");
      }
      System.out.println("Research software, not a medical device. Stop with Ctrl-C.");
      stopped.await();
    }
    return 0;
  }
}
