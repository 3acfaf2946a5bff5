package dev.cxr.common.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cxr.common.runtime.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** An application for tests; {@link #main} is for child processes. */
@Command(name = "greeter", subcommands = TestApplication.EngineWork.class)
public final class TestApplication extends CliApplication {

  enum Mood {
    GLAD,
    SAD
  }

  private final Callable<Integer> failing;

  private TestApplication(Callable<Integer> failing) {
    this.failing = failing;
  }

  TestApplication() {
    this(() -> 0);
  }

  /** Its command {@code fail} throws {@code failure}. */
  static TestApplication failing(Exception failure) {
    return new TestApplication(
        () -> {
          throw failure;
        });
  }

  /** Its command {@code fail} runs out of memory. */
  static TestApplication outOfMemory() {
    return new TestApplication(
        () -> {
          throw new OutOfMemoryError("Java heap space");
        });
  }

  public static void main(String... arguments) {
    main(new TestApplication(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "greet";
  }

  @Override
  public Map<String, String> renamed() {
    return Map.of("salute", "greet", "--who", "--name", "count --until", "--to");
  }

  @Command(name = "greet", mixinStandardHelpOptions = true)
  int greet(
      @Option(names = "--name", defaultValue = "you") String name,
      @Option(names = "--mood", defaultValue = "GLAD") Mood mood) {
    System.out.println("hello " + name + ", I am " + mood);
    return 0;
  }

  @Command(name = "count", mixinStandardHelpOptions = true)
  int count(@Option(names = "--to") double last) {
    System.out.println("%,.1f".formatted(last));
    return 0;
  }

  @Command(name = "fail")
  int fail() throws Exception {
    return failing.call();
  }

  /** Prints the settings of its process. */
  @Command(name = "work", mixinStandardHelpOptions = true)
  static final class EngineWork implements EngineCommand {

    @Option(names = "--exit-code", defaultValue = "0")
    private int exitCode;

    /** Port to report to until the process is terminated. */
    @Option(names = "--port")
    private int port;

    @Option(names = "--workload", defaultValue = "MIXED")
    private Workload workload = Workload.MIXED;

    @Override
    public Workload workload() {
      return workload;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      if (port > 0) {
        reportUntilTerminated();
      }
      for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
        if (variable.getKey().matches("MALLOC_.*|GLIBC_TUNABLES")) {
          System.out.println(variable.getKey() + "=" + variable.getValue());
        }
      }
      System.out.println("kept=" + System.getProperty("kept"));
      System.out.println("offline=" + System.getProperty("ai.djl.offline"));
      System.out.println("heap=" + (Runtime.getRuntime().maxMemory() >> 20));
      System.out.println("jvm=" + ManagementFactory.getRuntimeMXBean().getInputArguments());
      System.out.println("pid=" + ProcessHandle.current().pid());
      return exitCode;
    }

    /** Waits until the test closes the connection. */
    private static void reportShutdown(Socket socket, PrintStream out) {
      out.println("terminated");
      try {
        socket.getInputStream().read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void reportUntilTerminated() throws IOException, InterruptedException {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
          PrintStream out = new PrintStream(socket.getOutputStream(), true, UTF_8)) {
        Runtime.getRuntime()
            .addShutdownHook(new Thread(() -> reportShutdown(socket, out), "report-shutdown"));
        out.println(ProcessHandle.current().pid());
        new CountDownLatch(1).await();
      }
    }
  }
}
