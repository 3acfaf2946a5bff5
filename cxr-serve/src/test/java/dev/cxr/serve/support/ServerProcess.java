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

/** The command {@code run} in a process of its own, as users start it. */
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

  /** Starts it and waits until it serves. */
  public static ServerProcess start(Path bundle, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", // and all of it from the start, as a server has it that is re-launched
                "-Xms512m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--bundle",
                bundle.toString(),
                "--port",
                "0"));
    command.addAll(List.of(options));
    return new ServerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** What it said first. */
  public String firstLine() {
    return firstLine;
  }

  /** Where it listens. */
  public URI address() {
    Matcher matcher = ADDRESS.matcher(firstLine);
    if (!matcher.find()) {
      throw new IllegalStateException("no address in: " + firstLine);
    }
    return URI.create(matcher.group());
  }

  /** The process that serves: itself or, where it was re-launched, its child. */
  public ProcessHandle serverProcess() {
    return process.descendants().findFirst().orElse(process.toHandle());
  }

  /** Resident memory of the process that serves, in bytes. */
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

  /** Its exit code, if it leaves within so many seconds. */
  public int exitCode(int seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("still there after %d s".formatted(seconds));
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
