package dev.cxr.common.testing;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A main method of the test sources in a process of its own, small and quick to start. */
public final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts {@code main} with this process's class path.
   *
   * @param environment added to this process's, less its {@code MALLOC_*} and {@code CXR_*}
   */
  public static ChildJvm start(
      Map<String, String> environment,
      List<String> options,
      Class<?> mainClass,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("MALLOC_") || name.startsWith("CXR_"));
    builder.environment().putAll(environment);
    return new ChildJvm(builder.start());
  }

  /** The process itself. */
  public Process process() {
    return process;
  }

  /** Waits for the next line that begins so, and returns what follows in it. */
  public String lineAfter(String prefix) throws IOException {
    StringBuilder skipped = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
      skipped.append(line).append('\n');
    }
    throw new EOFException("no line '" + prefix + "…' came, but:\n" + skipped);
  }

  /**
   * Waits until this process and all that inherited its output have ended; returns what they wrote
   * since the last line taken.
   */
  public String remainingOutput() {
    return output.lines().collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
