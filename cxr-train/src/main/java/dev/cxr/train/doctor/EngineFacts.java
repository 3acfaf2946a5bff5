package dev.cxr.train.doctor;

import dev.cxr.train.device.PyTorchNatives;
import java.util.List;

/**
 * What starting the engine shows.
 *
 * @param djl the version of DJL's API
 * @param natives on the class path
 * @param start the result of the start
 */
public record EngineFacts(String djl, List<PyTorchNatives> natives, StartResult start) {

  /** The result of a start. */
  sealed interface StartResult {}

  /**
   * The engine started.
   *
   * @param version of PyTorch
   * @param gpus that it sees
   */
  record Started(String version, int gpus) implements StartResult {}

  /**
   * The engine did not start.
   *
   * @param cause the deepest cause
   */
  record Failed(String cause) implements StartResult {}
}
