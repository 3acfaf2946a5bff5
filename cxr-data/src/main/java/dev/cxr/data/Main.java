package dev.cxr.data;

import dev.cxr.common.cli.CliApplication;
import dev.cxr.data.cli.AuditCommand;
import dev.cxr.data.cli.AugmentCommand;
import dev.cxr.data.cli.DecodeBenchCommand;
import dev.cxr.data.cli.DownloadCommand;
import dev.cxr.data.cli.SampleCommand;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-data. */
@Command(
    name = "cxr-data",
    description = "X-rays in: collections, patients, splits, pixels.",
    subcommands = {
      SampleCommand.class,
      DownloadCommand.class,
      AuditCommand.class,
      AugmentCommand.class,
      DecodeBenchCommand.class
    })
public final class Main extends CliApplication {

  /** Runs the command that the arguments name; {@code sample} by default. */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "sample";
  }
}
