package dev.cxr.models.cli;

import dev.cxr.models.engine.Precision;
import picocli.CommandLine.Option;

/** The option that chooses the precision of predictions. */
public final class PrecisionOption {

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "float32",
      description =
          "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). int8 is faster, and needs a"
              + " bundle that `quantize` has made.")
  private Precision precision = Precision.FLOAT32;

  /** The option is not given. */
  public PrecisionOption() {}

  /** Makes the precision that of models that are loaded from now on. */
  public void use() {
    precision.use();
  }
}
