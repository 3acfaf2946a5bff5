package dev.cxr.cli;

import dev.cxr.common.command.CliApplication;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command {@code cxr}: the commands of all modules. */
@Command(
    name = "cxr",
    header = {
      "Examples:",
      "  cxr train                                  train on the synthetic dataset",
      "  cxr train --recipe three-class --data DIR  train on a folder of X-rays",
      "  cxr serve --bundle runs/quick-001/bundle   serve a model, with a web page"
    },
    description = "Train, evaluate, explain and serve classifiers of chest X-rays.",
    subcommands = GenerateCompletion.class,
    footer = {
      "'cxr COMMAND --help' describes a command.",
      "'source <(cxr generate-completion)' completes commands and options.",
      "Research software, not a medical device."
    })
public final class Main extends CliApplication {

  /** The modules by the heading of their commands. */
  private static final Map<String, CliApplication> MODULES = new LinkedHashMap<>();

  static {
    MODULES.put("Train", new dev.cxr.train.Main());
    MODULES.put("Evaluate", new dev.cxr.eval.Main());
    MODULES.put("Predict and serve", new dev.cxr.serve.Main());
    MODULES.put("Data", new dev.cxr.data.Main());
    MODULES.put("Architectures", new dev.cxr.models.Main());
  }

  /**
   * Runs a command, and exits with its exit code; without arguments prints the help.
   *
   * @param arguments command and options
   */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "--help";
  }

  @Override
  protected void addCommands(CommandLine commandLine, String command) {
    boolean completion = command.equals("generate-completion");
    MODULES.values().stream()
        .flatMap(Main::commands)
        .forEach(
            type -> {
              Command annotation = type.getAnnotation(Command.class);
              boolean complete = completion || command.equals(annotation.name());
              commandLine.addSubcommand(annotation.name(), complete ? type : listEntry(annotation));
            });
    commandLine
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    commandLine.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Main::list);
  }

  @Override
  public Map<String, String> renamed() {
    Map<String, String> renamed = new HashMap<>();
    MODULES.values().forEach(module -> renamed.putAll(module.renamed()));
    return renamed;
  }

  private static String list(Help help) {
    StringBuilder list = new StringBuilder();
    MODULES.forEach(
        (heading, module) -> {
          Map<String, Help> group = new LinkedHashMap<>(help.subcommands());
          group
              .keySet()
              .retainAll(commands(module).map(c -> c.getAnnotation(Command.class).name()).toList());
          list.append("%n%s:%n".formatted(heading)).append(help.commandList(group));
        });
    return list.toString();
  }

  /** Name and description: reading the options of all commands would double the time to start. */
  private static CommandSpec listEntry(Command annotation) {
    CommandSpec entry = CommandSpec.create().name(annotation.name());
    entry.usageMessage().description(annotation.description());
    return entry;
  }

  static Stream<Class<?>> commands(CliApplication module) {
    return Arrays.stream(module.getClass().getAnnotation(Command.class).subcommands());
  }
}
