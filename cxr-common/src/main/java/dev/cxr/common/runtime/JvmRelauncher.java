package dev.cxr.common.runtime;

import static java.lang.ProcessBuilder.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cxr.common.files.FileTree;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a command again in a child process with the {@link AllocatorSettings}.
 *
 * <p>The child inherits output, class path and JVM options. A signal to this process terminates the
 * child, its exit code is returned, and it exits when this process is gone, even if it was killed
 * (see {@link Supervisor}). The script {@code cxr} does the same without a second JVM.
 */
public final class JvmRelauncher {

  /**
   * The locale of a child whose parent reads file names as ASCII, as in the locale C of a
   * container.
   */
  private static final String UTF_8_LOCALE = "C.UTF-8";

  private static final int KILLED = 128 + 9;

  /**
   * The serial collector, whose heap grows with its live objects only; G1 also grows on a busy
   * machine.
   */
  private static final String COLLECTOR_OPTION = "-XX:+UseSerialGC";

  /** Where memory is not scarce, a heap that does not grow in the beginning. */
  private static final String HEAP_OPTION = "-Xms512m";

  /** Allocates the whole heap at the start, so that memory use stays constant. */
  private static final String PRETOUCH_OPTION = "-XX:+AlwaysPreTouch";

  /** Instead of a gibibyte, which counts for {@code ulimit -v}. */
  private static final String SMALL_RESERVATION_OPTION = "-XX:CompressedClassSpaceSize=128m";

  /** The effort of the JIT compiler. */
  private static final Map<Workload, List<String>> COMPILER_OPTIONS =
      Map.of(
          Workload.INFERENCE_ONLY,
          List.of("-XX:TieredStopAtLevel=1"),
          Workload.MIXED, // C2 only for code that runs ten times as often as by default
          List.of(
              "-XX:Tier4InvocationThreshold=50000",
              "-XX:Tier4MinInvocationThreshold=6000",
              "-XX:Tier4CompileThreshold=150000",
              "-XX:Tier4BackEdgeThreshold=400000"),
          Workload.LONG_RUNNING,
          List.of());

  private JvmRelauncher() {}

  /** {@return whether this process is such a child} */
  public static boolean isChild() {
    return Supervisor.folder().isPresent();
  }

  /**
   * Runs a main class in a child process.
   *
   * @param mainClass the class
   * @param workload what the command spends its time on
   * @param arguments the arguments of the class
   * @return the exit code of the child
   */
  public static int run(Class<?> mainClass, Workload workload, String[] arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> inheritedOptions =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(JvmRelauncher::isInheritable)
            .toList();
    command.addAll(Objects.requireNonNull(COMPILER_OPTIONS.get(workload)));
    command.addAll(inheritedOptions);
    if (inheritedOptions.stream().noneMatch(option -> option.matches("-Xm.*|-XX:\\+Use\\w+GC"))) {
      command.addAll(heapOptions(workload));
    }
    command.add("--enable-native-access=ALL-UNNAMED");
    try {
      Path folder = Files.createTempDirectory("cxr");
      try {
        command.add("-D" + Supervisor.PROPERTY + "=" + folder);
        command.add("-cp");
        command.add(classPath(mainClass.getClassLoader()));
        command.add(mainClass.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO().redirectInput(PIPE);
        AllocatorSettings.forWorkload(workload).forEach(builder.environment()::putIfAbsent);
        if (readsNamesAsAscii()) {
          builder.environment().put("LC_ALL", UTF_8_LOCALE);
        }
        System.out.flush();
        int exitCode = waitFor(builder.start());
        if (exitCode == KILLED) {
          System.err.println("cxr: " + MemoryNeed.explainKill(Supervisor.left(folder)));
        }
        return exitCode;
      } finally {
        FileTree.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int waitFor(Process child) {
    // After the child's end nothing may be left to load: Maven has closed the class loader by
    // then.
    Runnable end =
        () -> {
          if (child.isAlive()) {
            ChildProcess.terminate(child);
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(end, "end-child"));
    try {
      return child.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the re-launched command", e);
    }
  }

  private static boolean readsNamesAsAscii() {
    return US_ASCII.equals(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
  }

  /**
   * {@return the JVM options of a process that runs a command}
   *
   * @param workload what the command spends its time on
   */
  public static List<String> options(Workload workload) {
    return Stream.of(Objects.requireNonNull(COMPILER_OPTIONS.get(workload)), heapOptions(workload))
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> heapOptions(Workload workload) {
    if (MemoryLimit.current().isScarce()) {
      return List.of(COLLECTOR_OPTION, SMALL_RESERVATION_OPTION);
    }
    return workload == Workload.LONG_RUNNING
        ? List.of(HEAP_OPTION, COLLECTOR_OPTION, PRETOUCH_OPTION)
        : List.of(HEAP_OPTION, COLLECTOR_OPTION);
  }

  /** In the child: exits as on SIGTERM when the parent is gone. */
  public static void exitWithParent() {
    Supervisor.folder().ifPresent(Supervisor::exitWithSupervisor);
  }

  /** Heap sizes, module options and system properties, but no agents and no properties of Maven. */
  private static boolean isInheritable(String option) {
    return Stream.of("-X", "--add-", "--enable-", "-ea", "-D").anyMatch(option::startsWith)
        && Stream.of("-Dmaven.", "-Dclassworlds.", "-Dlibrary.jansi").noneMatch(option::startsWith);
  }

  /** Under {@code exec:java} a class loader of Maven holds the classes, not the class path. */
  private static String classPath(ClassLoader loader) {
    if (loader instanceof URLClassLoader urls) {
      return Stream.of(urls.getURLs())
          .map(JvmRelauncher::toFilePath)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private static String toFilePath(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class path entry is not a file: " + url, e);
    }
  }
}
