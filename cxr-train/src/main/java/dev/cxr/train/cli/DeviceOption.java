package dev.cxr.train.cli;

import ai.djl.Device;
import dev.cxr.train.device.DeviceChoice;
import picocli.CommandLine.Option;

/** The option for the device. */
final class DeviceOption {

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "Device to train on, one of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}: the first GPU"
              + " if the engine sees one).")
  private DeviceChoice deviceChoice = DeviceChoice.AUTO;

  /**
   * The device of this machine.
   *
   * @throws dev.cxr.common.cli.UserErrorException if the choice is a GPU and the engine sees none
   */
  Device device() {
    return deviceChoice.device();
  }
}
