package dev.cxr.train.doctor;

import dev.cxr.train.device.PyTorchNatives;
import java.util.List;

/**
 * What can be seen of the engine by starting it.
 *
 * @param djl the version of DJL's API
 * @param natives on the class path
 * @param start how that went
 */
public record EngineFacts(String djl, List<PyTorchNatives> natives, StartResult start) {

  /** How starting the engine went. */
  sealed interface StartResult {}

  /**
   * It started.
   *
   * @param version of PyTorch
   * @param gpus that it sees
   */
  record Started(String version, int gpus) implements StartResult {}

  /**
   * It did not.
   *
   * @param cause the deepest cause
   */
  record Failed(String cause) implements StartResult {}
}
