package dev.cxr.benchmarks;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.dataset.PixelCatalogue;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how long a training waits for its pictures before the first epoch. */
@Command(
    name = "open",
    description =
        "Open a collection as training does: decode it, or open the pixel cache; prints JSON.")
final class OpenCommand implements Callable<Integer> {

  @Option(names = "--data", required = true, description = "The collection.")
  private String data = "";

  @Option(names = "--side", defaultValue = "224", description = "Default: ${DEFAULT-VALUE}.")
  private int side;

  @Override
  public Integer call() throws IOException {
    long started = System.nanoTime();
    Catalogue catalogue = Catalogue.open(data, ValidationRule.DEFAULT);
    double read = (System.nanoTime() - started) / 1e9;
    PixelCatalogue pixels =
        PixelCatalogue.of(catalogue, EnumSet.of(Split.TRAIN, Split.VALIDATION), side);
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "{\"pictures\": %d, \"catalogueSeconds\": %.3f, \"seconds\": %.3f}%n",
        pixels.catalogue().xrays().size(),
        read,
        seconds);
    return 0;
  }
}
