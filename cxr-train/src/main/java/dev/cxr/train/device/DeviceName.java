package dev.cxr.train.device;

import ai.djl.Device;
import dev.cxr.eval.prediction.ParallelInference;
import java.io.IOException;
import java.util.List;

/** Names of devices in reports. */
public final class DeviceName {

  private DeviceName() {}

  /**
   * Such as {@code CPU: AMD EPYC, 2 cores, 1 thread} or {@code GPU 0: NVIDIA H100, 81559 MiB}. The
   * result of training on a CPU depends on the number of threads.
   *
   * @param device to train on
   * @return the name
   * @throws IOException if a file cannot be read or written
   */
  public static String of(Device device) throws IOException {
    if (!device.isGpu()) {
      int threads = ParallelInference.engineThreads();
      return "CPU: %s, %d %s"
          .formatted(CpuInfo.read(), threads, threads == 1 ? "thread" : "threads");
    }
    List<NvidiaGpu> gpus = NvidiaGpu.detect();
    int id = device.getDeviceId();
    return id < gpus.size() ? "GPU %d: %s".formatted(id, gpus.get(id)) : "GPU " + id;
  }
}
