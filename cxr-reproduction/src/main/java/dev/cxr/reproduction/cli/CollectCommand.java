package dev.cxr.reproduction.cli;

import dev.cxr.common.files.AtomicFolder;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.reproduction.results.ResultCollector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stores the result of an evaluation for RESULTS.md. */
@Command(
    name = "collect",
    description =
        "Store the result of an evaluation for 'results': result.json and the recipe, without the name"
            + " of any image or patient.")
public final class CollectCommand implements Callable<Integer> {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The evaluated bundle.")
  private Path folder = Path.of("");

  @Option(
      names = "--evaluation",
      required = true,
      paramLabel = "DIR",
      description = "The folder that 'evaluate' wrote.")
  private Path evaluation = Path.of("");

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "The folder that 'train' wrote, for time and memory from its report.json.")
  private Optional<Path> run = Optional.empty();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to create, such as results/binary/seed-1.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    Bundle bundle = Bundle.open(folder);
    try (AtomicFolder made = AtomicFolder.create(out)) {
      ResultCollector.write(bundle, evaluation, run, made.path());
      made.commit();
    }
    System.out.println("Written: " + out);
    return 0;
  }
}
