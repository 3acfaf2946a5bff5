package dev.cxr.serve;

import dev.cxr.common.command.CliApplication;
import dev.cxr.serve.cli.ExportCommand;
import dev.cxr.serve.cli.LoadTestCommand;
import dev.cxr.serve.cli.PackageCommand;
import dev.cxr.serve.cli.PredictCommand;
import dev.cxr.serve.cli.ServeCommand;
import java.util.Map;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-serve. */
@Command(
    name = "cxr-serve",
    description = "Serve bundles with the HTTP API of DJL Serving, and predict folders of images.",
    subcommands = {
      ServeCommand.class,
      PackageCommand.class,
      ExportCommand.class,
      PredictCommand.class,
      LoadTestCommand.class
    })
public final class Main extends CliApplication {

  /**
   * Runs a command; {@code serve} by default.
   *
   * @param arguments command and options
   */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "serve";
  }

  @Override
  public Map<String, String> renamed() {
    return Map.of("run", "serve", "load", "load-test");
  }
}
