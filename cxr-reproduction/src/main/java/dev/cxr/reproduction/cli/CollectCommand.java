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

/** Keeps of an evaluation what RESULTS.md needs. */
@Command(
    name = "collect",
    description =
        "Keep of an evaluation what 'results' needs: result.json and the recipe, without the name of"
            + " any picture or patient.")
public final class CollectCommand implements Callable<Integer> {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle that was judged.")
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
      description = "The folder that 'train' wrote, whose report.json tells time and memory.")
  private Optional<Path> run = Optional.empty();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make, such as results/binary/seed-1.")
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
