package dev.cxr.common.command;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.cli.Version;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.common.runtime.AllocatorSettings;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.common.runtime.EngineFolder;
import dev.cxr.common.runtime.JvmRelauncher;
import dev.cxr.common.runtime.Workload;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
 * Base class of each module's {@code Main}: parses the arguments, runs the command, reports errors.
 *
 * <p>Exit code 0 means success, 1 a failed command, 2 invalid usage. An error is one message on
 * standard error; {@code --debug} adds its stack trace.
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

  /** What Java reads in place of bytes that the locale's character set does not contain. */
  private static final String REPLACEMENT_CHARACTER = "\uFFFD";

  @Option(
      names = "--cache-dir",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description =
          "Folder of caches and of PyTorch's libraries (default: $CXR_CACHE_DIR, or ~/.cache/cxr and"
              + " ~/.djl.ai).")
  private Optional<Path> cacheFolder = Optional.empty();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean debug;

  @Option(
      names = "--no-relaunch",
      scope = ScopeType.INHERIT,
      description =
          "Run in this process. By default a command that starts the engine runs in a child with"
              + " memory settings that double its speed (glibc only).")
  private boolean noRelaunch;

  /** The command that runs if the arguments name none. */
  protected abstract String defaultCommand();

  /**
   * Adds commands beside those of the annotation; none by default.
   *
   * @param commandLine the command line of this application
   * @param command the command that will run, or a global option such as {@code --help}; of the
   *     others only names and descriptions are needed
   */
  protected void addCommands(CommandLine commandLine, String command) {}

  /**
   * {@return the names of earlier versions that still work, by old name}
   *
   * <p>Commands ({@code "index" -> "knn"}), options ({@code "--over" -> "--features"}) and options
   * of one command ({@code "explain --over" -> "--features"}). An old name prints a note on
   * standard error and is absent from the help.
   */
  public Map<String, String> renamed() {
    return Map.of();
  }

  /**
   * Runs a command and exits the process with its exit code. Numbers are printed the same way in
   * every locale, so that programs can read them.
   *
   * <p>Inside another program (Maven's {@code exec:java}) it returns after success.
   */
  protected static void main(CliApplication application, String... arguments) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    JvmRelauncher.exitWithParent();
    int exitCode = application.run(arguments);
    boolean ownProcess =
        application.getClass().getClassLoader() == ClassLoader.getSystemClassLoader();
    System.out.flush();
    if (exitCode != 0 || ownProcess) {
      System.exit(exitCode);
    }
  }

  /**
   * Runs a command, in this process or in a child process.
   *
   * @param arguments the arguments, from the command on
   * @return the exit code
   */
  public final int run(String... arguments) {
    Optional<String> undecodable =
        Arrays.stream(arguments).filter(a -> a.contains(REPLACEMENT_CHARACTER)).findFirst();
    if (undecodable.isPresent()) {
      System.err.printf(
          "cxr: Expected arguments in the characters of this locale; found '%s'. Set"
              + " LC_ALL=C.UTF-8.%n",
          undecodable.get());
      return CommandLine.ExitCode.USAGE;
    }
    String[] completeArguments = withPresentNames(withDefaultCommand(arguments));
    CommandLine commandLine = new CommandLine(this);
    addCommands(commandLine, completeArguments[0]);
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
    cacheFolder.ifPresent(folder -> System.setProperty(CacheFolder.PROPERTY, folder.toString()));
    boolean helpRequested = commands.stream().anyMatch(c -> c.isUsageHelpRequested());
    if (command instanceof EngineCommand engineCommand && !helpRequested) {
      Workload workload = engineCommand.workload();
      if (!noRelaunch && !JvmRelauncher.isChild() && AllocatorSettings.isMissing(workload)) {
        return JvmRelauncher.run(getClass(), workload, arguments);
      }
      EngineDefaults.quietLogging();
    }
    try {
      if (command instanceof EngineCommand engineCommand
          && !helpRequested
          && !engineCommand.reportsProblems()) {
        EngineDefaults.prepare();
      }
      return new RunLast().execute(parsed);
    } catch (UserErrorException e) {
      throw new ExecutionException(commands.get(0), String.valueOf(e.getMessage()), e);
    } catch (OutOfMemoryError e) {
      throw new ExecutionException(commands.get(0), String.valueOf(e.getMessage()), e);
    }
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

  private String[] withPresentNames(String[] arguments) {
    Map<String, String> renamed = renamed();
    String[] present = arguments.clone();
    for (int i = 0; i < arguments.length && !arguments[i].equals("--"); i++) {
      String name = arguments[i].startsWith("--") ? arguments[i].split("=", 2)[0] : arguments[i];
      if (i == 0 || name.startsWith("--")) {
        String replacement = renamed.getOrDefault(present[0] + " " + name, renamed.get(name));
        if (replacement != null) {
          System.err.printf(
              "cxr: '%s' is now '%s'; the old name still works.%n", name, replacement);
          present[i] = replacement + arguments[i].substring(name.length());
        }
      }
    }
    return present;
  }

  private int reportUsage(ParameterException failure) {
    System.out.flush();
    System.err.println("cxr: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, System.err);
    System.err.println("Run with --help for all commands and options.");
    if (debug) {
      failure.printStackTrace();
    }
    return failure.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
  }

  private int reportFailure(Exception failure) {
    System.out.flush();
    boolean engineFailed = ErrorFormatter.causes(failure).anyMatch(CliApplication::isOfTheEngine);
    Throwable reason =
        engineFailed ? EngineFolder.problem().<Throwable>map(p -> p).orElse(failure) : failure;
    System.err.println("cxr: " + ErrorFormatter.format(reason));
    if (debug) {
      failure.printStackTrace();
    }
    return ErrorFormatter.exitCode(failure);
  }

  /** By name: DJL's classes must not be loaded for commands without the engine. */
  private static boolean isOfTheEngine(Throwable failure) {
    return failure instanceof UnsatisfiedLinkError
        || failure.getClass().getName().equals("ai.djl.engine.EngineException");
  }
}
