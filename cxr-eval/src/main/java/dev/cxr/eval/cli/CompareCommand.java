package dev.cxr.eval.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.Split;
import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.report.ComparisonText;
import dev.cxr.eval.report.ComparisonWriter;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.cli.InferenceEngineOption;
import dev.cxr.models.cli.PrecisionOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares several bundles on the same images. */
@Command(
    name = "compare",
    description =
        "Compare bundles on the same images, each at its own threshold: metrics, ROC curves, paired"
            + " tests (DeLong and McNemar, corrected by Holm), and mean and deviation over bundles that"
            + " differ only in their seed.")
public final class CompareCommand implements EngineCommand {

  @Option(
      names = "--bundle",
      required = true,
      arity = "1..*",
      paramLabel = "DIR",
      description = "Two or more bundle folders.")
  private List<Path> folders = List.of();

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private InferenceEngineOption engine = new InferenceEngineOption();

  @Mixin private PrecisionOption precision = new PrecisionOption();

  @Option(
      names = "--split",
      defaultValue = "test",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Split split = Split.TEST;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to create (default: the next free runs/comparison-NNN).")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    engine.use();
    precision.use();
    List<Bundle> bundles = new ArrayList<>();
    for (Path folder : folders) {
      bundles.add(Bundle.open(folder));
    }
    if (bundles.stream().map(Bundle::id).distinct().count() < Math.max(2, bundles.size())) {
      throw UsageErrorException.of(
          "two or more different bundles with --bundle",
          folders.toString(),
          "Give their folders: --bundle A B.");
    }
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", "comparison"));
    ComparisonRun run;
    try (AtomicFolder results = AtomicFolder.create(target)) {
      run = ComparisonRun.of(bundles, BundleDataset.open(data, bundles.get(0)), split);
      ComparisonWriter.write(run, results.path());
      results.commit();
    }
    System.out.println(ComparisonText.of(run));
    run.data().notices().forEach(notice -> System.out.println("Note: " + notice));
    System.out.println("Written: " + target.resolve("report.html"));
    System.out.println("         " + target.resolve("comparison.json"));
    System.out.println("         " + target.resolve("predictions.csv"));
    System.out.println("Research software, not a medical device.");
    return 0;
  }
}
