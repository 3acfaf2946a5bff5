package dev.cxr.common.cli;

import dev.cxr.common.runtime.AllocatorSettings;
import dev.cxr.common.runtime.JvmRelauncher;
import dev.cxr.common.runtime.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Starts the commands of a module: {@code Main.main} hands its arguments to {@link #main}.
 *
 * <p>Exit code 0 means done, 1 failed, 2 not understood. What went wrong is one message on standard
 * error; the stack trace comes with {@code --debug}.
 */
@Command(
    synopsisHeading = "%nUsage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%n",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
public abstract class CliApplication {

  private static final List<String> GLOBAL_OPTIONS = List.of("-h", "--help", "-V", "--version");

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean debug;

  @Option(
      names = "--no-relaunch",
      scope = ScopeType.INHERIT,
      description =
          "Stay in this process. Otherwise a command that starts the engine runs in a child with"
              + " memory settings that double its speed (glibc only).")
  private boolean noRelaunch;

  /** The command that is meant where none is named. */
  protected abstract String defaultCommand();

  /**
   * Runs the command that the arguments name and leaves the process with its exit code.
   *
   * <p>Inside another program (Maven's {@code exec:java}) it returns instead where all went well.
   */
  protected static void main(CliApplication application, String... arguments) {
    if (JvmRelauncher.isChild()) {
      JvmRelauncher.exitWithParent();
    }
    int exitCode = application.run(arguments);
    boolean ownProcess =
        application.getClass().getClassLoader() == ClassLoader.getSystemClassLoader();
    System.out.flush();
    if (exitCode != 0 || ownProcess) {
      System.exit(exitCode);
    }
  }

  /**
   * Runs the command that the arguments name, in this process or a child; returns its exit code.
   */
  public final int run(String... arguments) {
    Locale previousLocale = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(
        Locale.Category.FORMAT, Locale.ROOT); // what it prints can be read by programs
    try {
      return run(new CommandLine(this), withDefaultCommand(arguments));
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, previousLocale);
    }
  }

  private int run(CommandLine commandLine, String... completeArguments) {
    commandLine
        .getSubcommands()
        .values()
        .forEach(
            command -> {
              command.getCommandSpec().mixinStandardHelpOptions(true);
              command.getCommandSpec().usageMessage().sortOptions(false);
            });
    return commandLine
        .setExecutionStrategy(parsed -> execute(parsed, completeArguments))
        .setExecutionExceptionHandler((failure, command, parsed) -> reportFailure(failure))
        .setParameterExceptionHandler((failure, given) -> reportUsage(failure))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .execute(completeArguments);
  }

  private int execute(ParseResult parsed, String[] arguments) {
    List<CommandLine> commands = parsed.asCommandLineList();
    Object command = commands.get(commands.size() - 1).getCommand();
    boolean helpRequested = commands.stream().anyMatch(c -> c.isUsageHelpRequested());
    if (command instanceof EngineCommand engineCommand && !helpRequested) {
      Workload workload = engineCommand.workload();
      if (!noRelaunch && !JvmRelauncher.isChild() && AllocatorSettings.isMissing(workload)) {
        return JvmRelauncher.run(getClass(), workload, arguments);
      }
      configureEngine();
    }
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      throw new ExecutionException(commands.get(0), "out of memory", e);
    }
  }

  /** DJL would otherwise look for natives and a cloud's metadata, count its starts, and chat. */
  private static void configureEngine() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("offline", "true"); // what DJL 0.25 reads
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    // Warns on every start where a CUDA toolkit is installed but no GPU.
    System.setProperty("org.slf4j.simpleLogger.log.ai.djl.util.cuda.CudaUtils", "error");
  }

  private String[] withDefaultCommand(String[] arguments) {
    boolean namesCommand =
        arguments.length > 0
            && (!arguments[0].startsWith("-") || GLOBAL_OPTIONS.contains(arguments[0]));
    return namesCommand
        ? arguments
        : Stream.concat(Stream.of(defaultCommand()), Arrays.stream(arguments))
            .toArray(String[]::new);
  }

  private int reportUsage(ParameterException failure) {
    System.out.flush();
    System.err.println("cxr: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, System.err);
    System.err.println("Run with --help to see what there is.");
    if (debug) {
      failure.printStackTrace();
    }
    return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
  }

  private int reportFailure(Exception failure) {
    System.out.flush();
    System.err.println("cxr: " + ErrorFormatter.format(failure));
    if (debug) {
      failure.printStackTrace();
    }
    return ErrorFormatter.exitCode(failure);
  }
}
