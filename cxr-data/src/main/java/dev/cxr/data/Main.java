package dev.cxr.data;

import dev.cxr.data.shell.Shell;
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
      BenchCommand.class
    })
public final class Main extends Shell {

  /** Runs the command that the arguments name; {@code sample} by default. */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "sample";
  }
}
