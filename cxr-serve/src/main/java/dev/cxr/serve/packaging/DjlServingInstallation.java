package dev.cxr.serve.packaging;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.FileTree;
import dev.cxr.common.runtime.ChildProcess;
import dev.cxr.models.bundle.Bundle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A DJL Serving installed on this machine. */
public final class DjlServingInstallation {

  private static final String COMMAND = "djl-serving";
  private static final String HOME_VARIABLE = "DJL_SERVING_HOME";

  private DjlServingInstallation() {}

  /**
   * Finds {@code bin/djl-serving} or {@code bin/serving} in {@code DJL_SERVING_HOME}, or without
   * that variable {@code djl-serving} on the {@code PATH}.
   *
   * @throws UserErrorException if there is none
   */
  static Path find(Map<String, String> environment) {
    String home = environment.get(HOME_VARIABLE);
    Stream<Path> candidates =
        home == null
            ? executablesOnPath(environment.getOrDefault("PATH", ""))
            : Stream.of(Path.of(home, "bin", COMMAND), Path.of(home, "bin", "serving"));
    return candidates
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                UserErrorException.of(
                    "an installed DJL Serving",
                    home == null
                        ? "no %s on the PATH and no %s".formatted(COMMAND, HOME_VARIABLE)
                        : "no bin/%s or bin/serving in %s, which %s names"
                            .formatted(COMMAND, home, HOME_VARIABLE),
                    "Install DJL Serving 0.36, or omit --engine to use the embedded server."));
  }

  private static Stream<Path> executablesOnPath(String path) {
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, COMMAND));
  }

  /**
   * Packages bundles and runs DJL Serving with them until it ends or this process is terminated. It
   * writes to this process's output.
   *
   * @param environment the environment variables, such as {@code System.getenv()}
   * @param bundles to serve
   * @param address such as {@code http://127.0.0.1:8080}
   * @return its exit code
   * @throws UserErrorException if there is no DJL Serving
   * @throws IOException if it cannot be started
   * @throws InterruptedException if this thread is interrupted
   */
  public static int run(Map<String, String> environment, List<Bundle> bundles, String address)
      throws IOException, InterruptedException {
    Path executable = find(environment);
    Path workFolder = Files.createTempDirectory("cxr-djl-serving");
    runAtExit(() -> FileTree.delete(workFolder));
    List<String> models = new ArrayList<>();
    for (Bundle bundle : bundles) {
      String name = bundle.manifest().name();
      Path folder = workFolder.resolve(name + "-" + bundle.id());
      ModelPackage.write(bundle, folder);
      models.add("%s:%s:PyTorch=%s".formatted(name, bundle.id(), folder.toUri()));
    }
    Path settings = workFolder.resolve("config.properties");
    Files.writeString(
        settings, "inference_address=%1$s%nmanagement_address=%1$s%n".formatted(address));
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--config-file",
                settings.toString(),
                "--models",
                String.join(",", models))
            .inheritIO()
            .start();
    runAtExit(() -> ChildProcess.terminate(process));
    return process.waitFor();
  }

  private static void runAtExit(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(action, "djl-serving-exit"));
  }
}
