package dev.cxr.models.cli;

import dev.cxr.models.engine.InferenceEngine;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that chooses what computes predictions. */
public final class InferenceEngineOption {

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description =
          "What computes predictions: pytorch, onnx (ONNX Runtime), or auto: the faster of both on"
              + " this machine, if their predictions agree to 1e-4 (default: $CXR_ENGINE, or"
              + " auto).")
  private Optional<InferenceEngine> engine = Optional.empty();

  /** The option is not given. */
  public InferenceEngineOption() {}

  /** Makes the engine that of this process, if the option is given. */
  public void use() {
    engine.ifPresent(InferenceEngine::use);
  }
}
