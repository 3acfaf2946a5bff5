package dev.cxr.eval.cli;

import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.eval.quantization.BundleQuantizer;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates a bundle that can also predict with integers of 8 bits. */
@Command(
    name = "quantize",
    description = {
      "Create a bundle with an int8 variant of its model, which `--precision int8` uses: faster"
          + " predictions on processors with integer instructions (VNNI).",
      "Training images give the ranges of activations. The bundle is written only if on validation"
          + " the AUROC stays within .001 of float32 and at most one decision in 1,000 changes (none"
          + " of fewer images), and if int8 is faster on this machine."
    })
public final class QuantizeCommand implements EngineCommand {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle to quantize; it is not changed.")
  private Path folder = Path.of("");

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder to create.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    Bundle bundle = Bundle.open(folder);
    DatasetIndex dataset = BundleDataset.open(data, bundle);
    Quantization quantization;
    String id;
    try (AtomicFolder made = AtomicFolder.create(out)) {
      quantization = BundleQuantizer.write(bundle, dataset, made.path());
      id = Bundle.open(made.path()).id();
      made.commit();
    }
    System.out.printf(
        Locale.ROOT,
        """
        Ranges of activations from %d training images; both on %d validation images:

                              float32       int8
          AUROC             %9.4f  %9.4f
          changed decisions            %9d
          images per second %9.1f  %9.1f

        """,
        quantization.calibrationImages(),
        quantization.validationImages(),
        quantization.float32Auroc(),
        quantization.int8Auroc(),
        quantization.changedDecisions(),
        quantization.float32ImagesPerSecond(),
        quantization.int8ImagesPerSecond());
    System.out.printf("Bundle: %s (%s)%n", out, id);
    System.out.println("It predicts with float32; with int8 if you add --precision int8.");
    System.out.println("Research software, not a medical device.");
    return 0;
  }
}
