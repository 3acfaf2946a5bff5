package dev.cxr.train.doctor;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import com.sun.management.OperatingSystemMXBean;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.common.runtime.AllocatorSettings;
import dev.cxr.common.runtime.Workload;
import dev.cxr.train.device.CpuInfo;
import dev.cxr.train.device.NvidiaGpu;
import dev.cxr.train.device.PyTorchNatives;
import dev.cxr.train.doctor.MachineFacts.FolderFacts;
import dev.cxr.train.doctor.MachineFacts.FolderUse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Collects facts about this machine. */
public final class SystemProbe {

  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Path DRIVER_VERSION = Path.of("/proc/driver/nvidia/version");
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
        memory(),
        allocator(),
        folders(),
        driver(),
        NvidiaGpu.detect());
  }

  /** DJL's cache is that of the engine, unless the environment separates them. */
  private static List<FolderFacts> folders() throws IOException {
    Map<Path, FolderUse> uses = new LinkedHashMap<>();
    uses.put(Path.of("runs").toAbsolutePath(), FolderUse.RUNS);
    uses.put(Utils.getEngineCacheDir(), FolderUse.ENGINE);
    uses.putIfAbsent(Utils.getCacheDir(), FolderUse.DJL);
    uses.putIfAbsent(CacheFolder.resolve(".").normalize(), FolderUse.CXR);
    List<FolderFacts> folders = new ArrayList<>();
    for (Map.Entry<Path, FolderUse> use : uses.entrySet()) {
      folders.add(folder(use.getValue(), use.getKey()));
    }
    return folders;
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

  /** Java knows a container's limit, /proc the whole machine. */
  private static MachineFacts.MemoryFacts memory() throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long usable = system.getTotalMemorySize() / MEBIBYTE;
    long total = readMemInfo("MemTotal:").orElse(usable);
    long free = readMemInfo("MemAvailable:").orElse(system.getFreeMemorySize() / MEBIBYTE);
    return new MachineFacts.MemoryFacts(
        total,
        Math.min(usable, total),
        Math.min(free, usable),
        Runtime.getRuntime().maxMemory() / MEBIBYTE);
  }

  private static Optional<Long> readMemInfo(String name) throws IOException {
    if (!Files.isReadable(MEMINFO)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(MEMINFO)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst();
    }
  }

  private static MachineFacts.AllocatorStatus allocator() {
    if (!AllocatorSettings.runsOnGlibc()) {
      return MachineFacts.AllocatorStatus.NOT_GLIBC;
    }
    return AllocatorSettings.isMissing(Workload.LONG_RUNNING)
        ? MachineFacts.AllocatorStatus.MISSING
        : MachineFacts.AllocatorStatus.SET;
  }

  private static Optional<String> driver() throws IOException {
    if (!Files.isReadable(DRIVER_VERSION)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(DRIVER_VERSION)) {
      return lines.findFirst().map(line -> line.replaceAll("\\s+", " "));
    }
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
        Files.getFileStore(existing).getUsableSpace() / MEBIBYTE);
  }

  /** In bytes; files that cannot be read are not counted. */
  private static long size(Path folder) throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes.get();
  }

  /**
   * Starts the engine.
   *
   * @return its version, or why it did not start
   */
  public static EngineFacts engine() {
    return new EngineFacts(Engine.getDjlVersion(), PyTorchNatives.findOnClassPath(), startEngine());
  }

  /** Every exception is a fact to report. */
  private static EngineFacts.StartResult startEngine() {
    try {
      Engine engine = Engine.getInstance();
      return new EngineFacts.Started(engine.getVersion(), engine.getGpuCount());
    } catch (RuntimeException | LinkageError e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return new EngineFacts.Failed(cause.toString());
    }
  }
}
