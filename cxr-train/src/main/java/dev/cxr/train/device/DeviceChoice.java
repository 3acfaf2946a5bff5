package dev.cxr.train.device;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.util.Locale;

/** The choices of {@code --device}. */
public enum DeviceChoice {
  /** The first GPU, if the engine sees one; the CPU otherwise. */
  AUTO,
  /** The CPU. */
  CPU,
  /** The first GPU. */
  GPU;

  /**
   * The device of this machine.
   *
   * @return a GPU or the CPU
   * @throws UserErrorException if the choice is a GPU and the engine sees none
   */
  public Device device() {
    Engine engine = Engine.getInstance();
    return device(
        engine.getGpuCount(),
        "%s %s with natives for %s"
            .formatted(
                engine.getEngineName(), engine.getVersion(), PyTorchNatives.describeFlavours()));
  }

  /**
   * The device of a machine.
   *
   * @param gpus how many the engine sees
   * @param engine description for the message
   */
  Device device(int gpus, String engine) {
    if (this == GPU && gpus == 0) {
      throw UsageErrorException.of(
          "a GPU that the engine sees, for --device gpu",
          "none, with " + engine,
          "Build and run with the Maven profile cu124 or cu118 (-Pcu124) on Linux or Windows with"
              + " an NVIDIA driver, or omit --device; the command doctor shows what is missing.");
    }
    return this != CPU && gpus > 0 ? Device.gpu() : Device.cpu();
  }

  /** As an option value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
