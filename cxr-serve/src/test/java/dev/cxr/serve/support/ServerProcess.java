package dev.cxr.serve.support;

import dev.cxr.serve.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command {@code serve} in its own process. */
public final class ServerProcess implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  private final Process process;
  private final BufferedReader out;
  private final String firstLine;

  private ServerProcess(Process process) throws IOException {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    firstLine = line == null ? "" : line;
  }

  /** Starts the process and waits until it is ready. */
  public static ServerProcess start(Path bundle, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m", // all of it from the start, like a relaunched server
                "-Xms512m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--bundle",
                bundle.toString(),
                "--port",
                "0"));
    command.addAll(List.of(options));
    return new ServerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The first line of its output. */
  public String firstLine() {
    return firstLine;
  }

  /** The server's URL. */
  public URI address() {
    Matcher matcher = ADDRESS.matcher(firstLine);
    if (!matcher.find()) {
      throw new IllegalStateException("no address in: " + firstLine);
    }
    return URI.create(matcher.group());
  }

  /** The process of the server: itself, or its child if it was relaunched. */
  public ProcessHandle serverProcess() {
    return process.descendants().findFirst().orElse(process.toHandle());
  }

  /** Resident memory of the server process, in bytes. */
  public long residentMemory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + serverProcess().pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1024L * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IllegalStateException("no VmRSS");
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** The exit code, if it exits within so many seconds. */
  public int exitCode(int seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after %d s".formatted(seconds));
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    out.close();
  }
}
