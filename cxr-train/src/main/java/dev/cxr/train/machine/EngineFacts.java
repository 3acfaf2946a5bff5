package dev.cxr.train.machine;

import java.util.List;

/**
 * What can be seen of the engine by starting it.
 *
 * @param djl the version of DJL's API
 * @param natives on the class path
 * @param start how that went
 */
record EngineFacts(String djl, List<Natives> natives, Start start) {

  /** How starting the engine went. */
  sealed interface Start {}

  /**
   * It started.
   *
   * @param version of PyTorch
   * @param gpus that it sees
   */
  record Started(String version, int gpus) implements Start {}

  /**
   * It did not.
   *
   * @param why the deepest cause
   */
  record Failed(String why) implements Start {}
}
