package dev.cxr.train.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.cxr.common.cli.UsageErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceChoiceTest {

  @ParameterizedTest
  @CsvSource({
    "AUTO, 0, cpu",
    "AUTO, 1, gpu",
    "AUTO, 4, gpu",
    "CPU, 0, cpu",
    "CPU, 2, cpu",
    "GPU, 1, gpu"
  })
  void choosesFirstGpuUnlessCpuIsRequested(DeviceChoice choice, int gpus, String type) {
    Device device = choice.device(gpus, "");
    assertThat(device.getDeviceType()).isEqualTo(type);
    assertThat(device.getDeviceId()).isEqualTo(type.equals("gpu") ? 0 : -1);
  }

  @Test
  void rejectsMissingGpu() {
    assertThatThrownBy(() -> DeviceChoice.GPU.device(0, "PyTorch 2.7.1 with natives for cpu"))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("found none, with PyTorch 2.7.1 with natives for cpu")
        .hasMessageContaining("-Pcu124")
        .hasMessageContaining("doctor");
  }

  @Test
  void findsNativesOfEngine() {
    assertThat(PyTorchNatives.findOnClassPath()).hasSize(1);
    String version = ai.djl.engine.Engine.getInstance().getVersion();
    assertThat(PyTorchNatives.findOnClassPath().get(0).version()).isEqualTo(version);
  }
}
