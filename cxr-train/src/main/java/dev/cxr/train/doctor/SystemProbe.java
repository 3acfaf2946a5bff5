package dev.cxr.train.doctor;

import ai.djl.engine.Engine;
import com.sun.management.OperatingSystemMXBean;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.common.runtime.AllocatorSettings;
import dev.cxr.common.runtime.CpuInfo;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.common.runtime.EngineFolder;
import dev.cxr.common.runtime.MemoryLimit;
import dev.cxr.common.runtime.ProcFile;
import dev.cxr.common.runtime.Workload;
import dev.cxr.train.device.NvidiaGpu;
import dev.cxr.train.device.PyTorchNatives;
import dev.cxr.train.doctor.MachineFacts.FolderFacts;
import dev.cxr.train.doctor.MachineFacts.FolderUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Collects facts about this machine. */
public final class SystemProbe {

  private static final int MEBIBYTE = 1 << 20;

  private SystemProbe() {}

  /**
   * Collects what is known without starting the engine.
   *
   * @return the facts
   * @throws IOException if a file of the system cannot be read
   */
  public static MachineFacts machine() throws IOException {
    return new MachineFacts(
        platform(),
        CpuInfo.read(),
        ompThreads(),
        load(),
        memory(),
        allocator(),
        folders(),
        Optional.ofNullable(ProcFile.read("/proc/driver/nvidia/version").get("NVRM version")),
        NvidiaGpu.detect());
  }

  private static List<FolderFacts> folders() throws IOException {
    return List.of(
        folder(FolderUse.RUNS, Path.of("runs").toAbsolutePath()),
        folder(FolderUse.ENGINE, EngineFolder.path()),
        folder(FolderUse.CXR, CacheFolder.resolve(".").normalize()));
  }

  /** In the form of the natives. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String name = os.startsWith("mac") ? "osx" : os.startsWith("win") ? "win" : "linux";
    return name + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  private static OptionalInt ompThreads() {
    String threads = System.getenv("OMP_NUM_THREADS");
    return threads != null && threads.matches("\\d{1,6}")
        ? OptionalInt.of(Integer.parseInt(threads))
        : OptionalInt.empty();
  }

  private static OptionalDouble load() {
    double load =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getSystemLoadAverage();
    return load < 0 ? OptionalDouble.empty() : OptionalDouble.of(load);
  }

  private static MachineFacts.MemoryFacts memory() throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long usable = MemoryLimit.current().bytes() / MEBIBYTE;
    long total = memInfo("MemTotal", usable);
    long free = memInfo("MemAvailable", system.getFreeMemorySize() / MEBIBYTE);
    return new MachineFacts.MemoryFacts(
        total,
        Math.min(usable, total),
        Math.min(free, usable),
        Runtime.getRuntime().maxMemory() / MEBIBYTE);
  }

  private static long memInfo(String name, long otherwise) throws IOException {
    return ProcFile.mebibytes("/proc/meminfo", name).orElse(otherwise);
  }

  private static MachineFacts.AllocatorStatus allocator() {
    if (!AllocatorSettings.runsOnGlibc()) {
      return MachineFacts.AllocatorStatus.NOT_GLIBC;
    }
    return AllocatorSettings.isMissing(Workload.LONG_RUNNING)
        ? MachineFacts.AllocatorStatus.MISSING
        : MachineFacts.AllocatorStatus.SET;
  }

  static FolderFacts folder(FolderUse use, Path path) throws IOException {
    Path existing = path;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return new FolderFacts(
        use,
        path,
        Files.isDirectory(path) ? size(path) / MEBIBYTE : 0,
        Files.isDirectory(existing) && Files.isWritable(existing),
        existing.toFile().getUsableSpace() / MEBIBYTE);
  }

  /** In bytes; of a folder that cannot be read 0. */
  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  /**
   * Starts the engine.
   *
   * @return its version, or why it did not start
   */
  public static EngineFacts engine() {
    List<PyTorchNatives> natives = PyTorchNatives.findOnClassPath();
    try {
      EngineDefaults.prepare();
      Engine engine = Engine.getInstance();
      String version =
          "PyTorch %s under DJL %s".formatted(engine.getVersion(), Engine.getDjlVersion());
      return new EngineFacts(natives, version, engine.getGpuCount(), Optional.empty());
    } catch (UserErrorException e) {
      return new EngineFacts(natives, "", 0, Optional.ofNullable(e.getMessage()));
    } catch (RuntimeException | LinkageError e) { // every exception is a fact to report
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String reason =
          EngineFolder.problem().map(UserErrorException::getMessage).orElse(cause.toString());
      return new EngineFacts(natives, "", 0, Optional.of(reason));
    }
  }
}
