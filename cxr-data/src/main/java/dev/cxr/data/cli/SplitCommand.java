package dev.cxr.data.cli;

import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.data.index.CsvManifestWriter;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetOptions;
import dev.cxr.data.index.DatasetSplitter;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Divides a dataset into splits. */
@Command(
    name = "split",
    description =
        "Divide a dataset without a test split into train, val and test: by patient, with the same"
            + " share of every class. Writes a .csv manifest, which every command takes as --data. The"
            + " images stay where they are.")
public final class SplitCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "runs/split.csv",
      description = "The manifest to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("runs/split.csv");

  @Option(
      names = "--test-fraction",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Share of the patients for test (default: ${DEFAULT-VALUE}).")
  private double testFraction = 0.2;

  @Option(
      names = "--validation-fraction",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description =
          "Share of the patients for validation; 0 leaves the choice to the recipe (default:"
              + " ${DEFAULT-VALUE}).")
  private double validationFraction = 0.1;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Another number selects other patients (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws IOException {
    if (!data.isGiven()) {
      throw UsageErrorException.of(
          "a dataset with --data", "none", "The built-in sample has splits already.");
    }
    if (Files.exists(out)) {
      throw UsageErrorException.of(
          "a new file with --out", out + ", which exists", "Name another, or delete it.");
    }
    DatasetIndex dataset = data.open(DatasetOptions.DEFAULT);
    List<Xray> xrays = splitter().split(dataset);
    CsvManifestWriter.write(xrays, out);
    dataset.notices().forEach(notice -> System.out.println("Note: " + notice));
    List<Finding> findings = xrays.stream().map(Xray::finding).distinct().sorted().toList();
    for (Split split : Split.values()) {
      List<Xray> images = xrays.stream().filter(x -> x.split() == split).toList();
      StringBuilder counts = new StringBuilder();
      for (Finding finding : findings) {
        counts.append(
            "  %s %d"
                .formatted(
                    finding, images.stream().filter(x -> x.finding().equals(finding)).count()));
      }
      System.out.printf(
          Locale.ROOT,
          "%-10s  %6d images of %d patients %s%n",
          split,
          images.size(),
          images.stream().map(Xray::patient).distinct().count(),
          counts);
    }
    System.out.println("Written: " + out);
    SuggestedCommand train = SuggestedCommand.of("cxr-train", "train").option("--data", out);
    System.out.println(
        "Next:   "
            + data.classes()
                .map(classes -> train.option("--classes", classes))
                .orElse(train)
                .line());
    return 0;
  }

  private DatasetSplitter splitter() {
    try {
      return new DatasetSplitter(testFraction, validationFraction, seed);
    } catch (IllegalArgumentException e) {
      throw UsageErrorException.of(
          "fractions of 0 or more with a sum above 0 and at most 0.9",
          "--test-fraction %s and --validation-fraction %s"
              .formatted(testFraction, validationFraction),
          "Change them.");
    }
  }
}
