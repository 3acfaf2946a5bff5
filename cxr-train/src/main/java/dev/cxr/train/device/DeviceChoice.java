package dev.cxr.train.device;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.CpuInfo;
import dev.cxr.eval.prediction.ParallelInference;
import java.io.IOException;
import java.util.List;
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
        "%s %s with the natives %s"
            .formatted(
                engine.getEngineName(), engine.getVersion(), PyTorchNatives.findOnClassPath()));
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

  /**
   * Such as {@code CPU: AMD EPYC, 2 cores, 1 thread} or {@code GPU 0: NVIDIA H100, 81559 MiB}. The
   * result of training on a CPU depends on the number of threads.
   *
   * @param device to train on
   * @return the name
   * @throws IOException if a file cannot be read or written
   */
  public static String nameOf(Device device) throws IOException {
    if (!device.isGpu()) {
      int threads = ParallelInference.engineThreads();
      return "CPU: %s, %d %s"
          .formatted(CpuInfo.read(), threads, threads == 1 ? "thread" : "threads");
    }
    List<NvidiaGpu> gpus = NvidiaGpu.detect();
    int id = device.getDeviceId();
    return id < gpus.size() ? "GPU %d: %s".formatted(id, gpus.get(id)) : "GPU " + id;
  }

  /** As an option value. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
