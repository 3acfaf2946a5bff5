package dev.cxr.reproduction.cli;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.reproduction.results.ResultsDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes RESULTS.md and the script with its commands. */
@Command(
    name = "results",
    description =
        "Write RESULTS.md from stored results, and a script with the commands that reproduce them. The"
            + " same results give the same bytes.")
public final class ResultsCommand implements Callable<Integer> {

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      arity = "1..*",
      defaultValue = "results",
      description = "Folders with results of 'collect', at any depth (default: ${DEFAULT-VALUE}).")
  private List<Path> runs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "RESULTS.md",
      description = "The file to write or replace (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("");

  @Option(
      names = "--commands",
      paramLabel = "FILE",
      description = "The script to write or replace (default: commands.sh in the first folder).")
  private @Nullable Path commands;

  @Override
  public Integer call() throws IOException {
    ResultsDocument document = ResultsDocument.read(runs);
    write(document.text(), out);
    write(document.script(), commands != null ? commands : runs.get(0).resolve("commands.sh"));
    return 0;
  }

  private static void write(String text, Path file) throws IOException {
    AtomicFile.write(file, temporary -> Files.writeString(temporary, text));
    System.out.println("Written: " + file);
  }
}
