package dev.cxr.train;

import dev.cxr.common.command.CliApplication;
import dev.cxr.train.cli.DoctorCommand;
import dev.cxr.train.cli.EnsembleCommand;
import dev.cxr.train.cli.RecipesCommand;
import dev.cxr.train.cli.RunsCommand;
import dev.cxr.train.cli.TrainBenchCommand;
import dev.cxr.train.cli.TrainCommand;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-train. */
@Command(
    name = "cxr-train",
    description = "From a recipe and a folder of X-rays to a model bundle.",
    subcommands = {
      TrainCommand.class,
      EnsembleCommand.class,
      RecipesCommand.class,
      RunsCommand.class,
      TrainBenchCommand.class,
      DoctorCommand.class
    })
public final class Main extends CliApplication {

  /**
   * Runs the command that the arguments name; {@code train} by default.
   *
   * @param arguments of the command line
   */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "train";
  }
}
