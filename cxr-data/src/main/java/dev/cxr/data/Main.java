package dev.cxr.data;

import dev.cxr.common.command.CliApplication;
import dev.cxr.data.cli.AuditCommand;
import dev.cxr.data.cli.AugmentCommand;
import dev.cxr.data.cli.DownloadCommand;
import dev.cxr.data.cli.SampleCommand;
import dev.cxr.data.cli.SplitCommand;
import java.util.Map;
import picocli.CommandLine.Command;

/** The command line of cxr-data. */
@Command(
    name = "cxr-data",
    description = "Datasets: download, audit, augmentation, synthetic sample.",
    subcommands = {
      SampleCommand.class,
      DownloadCommand.class,
      AuditCommand.class,
      SplitCommand.class,
      AugmentCommand.class
    })
public final class Main extends CliApplication {

  /**
   * Runs a command, by default {@code sample}.
   *
   * @param arguments the command and its options
   */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "sample";
  }

  @Override
  public Map<String, String> renamed() {
    return Map.of("audit --allow", "--allow-errors");
  }
}
