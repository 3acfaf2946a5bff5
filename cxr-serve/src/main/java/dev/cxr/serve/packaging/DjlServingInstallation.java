package dev.cxr.serve.packaging;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A DJL Serving installed on this machine. */
public final class DjlServingInstallation {

  private static final String COMMAND = "djl-serving";
  private static final String HOME_VARIABLE = "DJL_SERVING_HOME";

  private final Path executable;

  private DjlServingInstallation(Path executable) {
    this.executable = executable;
  }

  /**
   * Finds {@code bin/djl-serving} or {@code bin/serving} in {@code DJL_SERVING_HOME}, or without
   * that variable {@code djl-serving} on the {@code PATH}.
   *
   * @param environment the environment variables, such as {@code System.getenv()}
   * @return the installation
   * @throws UserErrorException if there is none
   */
  public static DjlServingInstallation find(Map<String, String> environment) {
    String home = environment.get(HOME_VARIABLE);
    Stream<Path> candidates =
        home == null
            ? executablesOnPath(environment.getOrDefault("PATH", ""))
            : Stream.of(Path.of(home, "bin", COMMAND), Path.of(home, "bin", "serving"));
    Optional<Path> executable = candidates.filter(Files::isExecutable).findFirst();
    return new DjlServingInstallation(
        executable.orElseThrow(
            () ->
                UserErrorException.of(
                    "an installed DJL Serving",
                    home == null
                        ? "no %s on the PATH and no %s".formatted(COMMAND, HOME_VARIABLE)
                        : "no bin/%s or bin/serving in %s, which %s names"
                            .formatted(COMMAND, home, HOME_VARIABLE),
                    "Install DJL Serving 0.36, or omit --engine to use the embedded server.")));
  }

  private static Stream<Path> executablesOnPath(String path) {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path)
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, COMMAND));
  }

  /** A packaged model, {@code name:version:engine=url} for DJL Serving. */
  public record PackagedModel(String name, String version, Path folder) {

    /** {@return the argument of DJL Serving's option {@code --models}} */
    public String modelsArgument() {
      return "%s:%s:PyTorch=%s".formatted(name, version, folder.toUri());
    }
  }

  /**
   * Runs DJL Serving until it ends or this process is terminated. It writes to this process's
   * output.
   *
   * @param models packaged folders
   * @param address such as {@code http://127.0.0.1:8080}
   * @param workFolder an existing folder for its configuration
   * @return its exit code
   * @throws IOException if it cannot be started
   * @throws InterruptedException if this thread is interrupted
   */
  public int run(List<PackagedModel> models, String address, Path workFolder)
      throws IOException, InterruptedException {
    Path settings = workFolder.resolve("config.properties");
    Files.writeString(
        settings,
        """
        inference_address=%s
        management_address=%s
        """
            .formatted(address, address));
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--config-file",
                settings.toString(),
                "--models",
                models.stream().map(PackagedModel::modelsArgument).collect(Collectors.joining(",")))
            .inheritIO()
            .start();
    Thread stopHook = new Thread(() -> ChildProcess.terminate(process), "end-djl-serving");
    Runtime.getRuntime().addShutdownHook(stopHook);
    return process.waitFor();
  }
}
