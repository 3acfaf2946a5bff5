package dev.cxr.train.cli;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.train.listing.RunMetric;
import dev.cxr.train.listing.RunsFolder;
import dev.cxr.train.listing.RunsJson;
import dev.cxr.train.listing.RunsPage;
import dev.cxr.train.listing.RunsTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists runs and evaluations. */
@Command(
    name = "runs",
    description = {
      "List training runs with their validation and test metrics, what differs between their"
          + " recipes, and evaluations; newest first.",
      "The metrics of validation chose epoch and threshold. Those of test are of the newest"
          + " evaluation on the test split of the same dataset."
    })
public final class RunsCommand implements Callable<Integer> {

  private static final int WIDTH_WITHOUT_TERMINAL = 120;
  private static final String STANDARD_OUTPUT = "-";

  @Parameters(
      paramLabel = "RUN",
      arity = "0..*",
      description = "Only these runs, with their evaluations (default: all).")
  private List<String> names = List.of();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "The folder of runs (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("");

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      defaultValue = "auroc",
      description =
          "The metric of the table, one of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). Page"
              + " and JSON have all.")
  private RunMetric metric = RunMetric.AUROC;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a page with tables and the training curves of the runs.")
  private @Nullable Path page;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write everything to this file; '-' prints it instead of the table.")
  private @Nullable String json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RunsFolder runs = RunsFolder.read(folder).select(names);
    boolean printsJson = STANDARD_OUTPUT.equals(json);
    System.out.print(
        printsJson
            ? RunsJson.format(runs)
            : RunsTable.format(runs, metric, ZoneId.systemDefault(), width()));
    if (json != null && !printsJson) {
      write(Path.of(json), RunsJson.format(runs), System.out);
    }
    if (page != null) {
      write(page, RunsPage.of(runs, page), printsJson ? System.err : System.out);
    }
    return 0;
  }

  private static void write(Path file, String text, PrintStream messages) throws IOException {
    AtomicFile.write(file, target -> Files.writeString(target, text));
    messages.println("Written: " + file);
  }

  private int width() {
    return Progress.isTerminal() && spec != null
        ? spec.usageMessage().width()
        : WIDTH_WITHOUT_TERMINAL;
  }
}
