package dev.cxr.reproduction.cli;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.reproduction.results.ResultsDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes RESULTS.md. */
@Command(
    name = "results",
    description =
        "Write RESULTS.md from kept results: our figures beside what others reported, goals, bundles"
            + " calibrated on a site, what was missed and what was not run. The same results give the"
            + " same bytes.")
public final class ResultsCommand implements Callable<Integer> {

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      arity = "1..*",
      defaultValue = "results",
      description = "Folders that 'collect' has filled, at any depth (default: ${DEFAULT-VALUE}).")
  private List<Path> runs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "RESULTS.md",
      description = "The file to write or to replace (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    String text = ResultsDocument.of(runs);
    AtomicFile.write(out, aside -> Files.writeString(aside, text));
    System.out.println("Written: " + out);
    return 0;
  }
}
