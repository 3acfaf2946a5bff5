package dev.cxr.train.machine;

import ai.djl.Device;
import java.io.IOException;
import java.util.List;

/** What a device is called. */
public final class DeviceName {

  private DeviceName() {}

  /** Such as {@code CPU: AMD EPYC, 2 cores} or {@code GPU 0: NVIDIA H100, 81559 MiB}. */
  public static String of(Device device) throws IOException {
    if (!device.isGpu()) {
      return "CPU: " + Processor.read();
    }
    List<NvidiaGpu> gpus = NvidiaGpu.all();
    int id = device.getDeviceId();
    return id < gpus.size() ? "GPU %d: %s".formatted(id, gpus.get(id)) : "GPU " + id;
  }
}
