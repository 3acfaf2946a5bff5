package dev.cxr.benchmarks;

import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the time from the start of a training to its first epoch. */
@Command(
    name = "open",
    description =
        "Open a dataset as training does: decode its images, or open the pixel cache; prints JSON.")
final class OpenCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description = "Folder, .npz archive, .csv manifest or 'synthetic'.")
  private String data = "";

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "Width and height of the input (default: ${DEFAULT-VALUE}).")
  private int side;

  @Override
  public Integer call() throws IOException {
    long started = System.nanoTime();
    ImageStore images =
        ImageStore.open(
            DatasetReader.read(data, ValidationSplitRule.DEFAULT),
            EnumSet.of(Split.TRAIN, Split.VALIDATION),
            side);
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "{\"images\": %d, \"seconds\": %.3f}%n",
        images.index().xrays().size(),
        seconds);
    return 0;
  }
}
