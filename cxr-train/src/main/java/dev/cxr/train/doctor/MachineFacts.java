package dev.cxr.train.doctor;

import dev.cxr.train.device.CpuInfo;
import dev.cxr.train.device.NvidiaGpu;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a machine shows without starting the engine.
 *
 * @param platform as natives name it, such as {@code linux-x86_64}
 * @param processor the CPU
 * @param ompThreads what {@code OMP_NUM_THREADS} says, if it says a number
 * @param memory of the machine and of Java
 * @param allocator whether the engine's memory settings are in effect
 * @param folders that training writes to
 * @param driver version line of NVIDIA's kernel driver; empty without it
 * @param gpus that NVIDIA's driver lists
 */
public record MachineFacts(
    String platform,
    CpuInfo processor,
    OptionalInt ompThreads,
    MemoryFacts memory,
    AllocatorStatus allocator,
    List<FolderFacts> folders,
    Optional<String> driver,
    List<NvidiaGpu> gpus) {

  /**
   * Memory, in MiB.
   *
   * @param total of the machine
   * @param usable by this process; less in a container with a limit
   * @param free of the usable memory
   * @param heap maximum of Java
   */
  record MemoryFacts(long total, long usable, long free, long heap) {}

  /** Whether the memory settings that make PyTorch fast on a CPU are in effect. */
  enum AllocatorStatus {
    /** In effect. */
    SET,
    /** Not in effect. */
    MISSING,
    /** Not applicable: the C library is not glibc. */
    NOT_GLIBC
  }

  /**
   * A folder.
   *
   * @param use its purpose
   * @param path which need not exist
   * @param mebibytes of its files
   * @param writable it or its first existing parent
   * @param free MiB on its disk
   */
  record FolderFacts(FolderUse use, Path path, long mebibytes, boolean writable, long free) {}

  /** The purpose of a folder. */
  enum FolderUse {
    /** Run folders, unless --out names another. */
    RUNS("Runs"),
    /** The engine's unpacked natives. */
    ENGINE("Engine cache"),
    /** Other files of DJL. */
    DJL("DJL cache"),
    /** Pixels and weights. */
    CXR("cxr cache");

    private final String label;

    FolderUse(String words) {
      this.label = words;
    }

    @Override
    public String toString() {
      return label;
    }
  }
}
