package dev.cxr.models.cli;

import dev.cxr.models.InferenceEngine;
import picocli.CommandLine.Option;

/** The option that chooses what computes predictions. */
public final class InferenceEngineOption {

  /** Has no fields: the engine is that of the process. */
  public InferenceEngineOption() {}

  /**
   * Chooses the engine of this process.
   *
   * @param engine what computes predictions
   */
  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description =
          "What computes predictions: pytorch, onnx (ONNX Runtime), or auto: the faster of both on"
              + " this machine, if their predictions agree to 1e-4"
              + " (default: $CXR_ENGINE, or auto).")
  public void setEngine(InferenceEngine engine) {
    engine.use();
  }
}
