package dev.cxr.train.doctor;

import dev.cxr.common.runtime.CpuInfo;
import dev.cxr.train.device.NvidiaGpu;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a machine shows without starting the engine.
 *
 * @param platform as natives name it, such as {@code linux-x86_64}
 * @param processor the CPU
 * @param ompThreads what {@code OMP_NUM_THREADS} says, if it says a number
 * @param load the mean number of busy cores in the last minute; empty where the system does not say
 * @param memory of the machine and of Java
 * @param allocator whether the engine's memory settings are in effect
 * @param folders that training writes to
 * @param driver version of NVIDIA's kernel driver; empty without it
 * @param gpus that NVIDIA's driver lists
 */
public record MachineFacts(
    String platform,
    CpuInfo processor,
    OptionalInt ompThreads,
    OptionalDouble load,
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
    /** Run folders; a run requires 256 MiB besides its checkpoints. */
    RUNS("Runs", 300, 4096, "choose another folder with --out."),
    /** The engine's unpacked natives: 450 MiB for a CPU, 3500 for a GPU. */
    ENGINE("Engine cache", 450, 450, "set ENGINE_CACHE_DIR to another folder."),
    /** Pixels and weights. */
    CXR("cxr cache", 0, 0, "set CXR_CACHE_DIR to another folder.");

    final String label;

    /** Free MiB without which training fails. */
    final long minimum;

    /** Free MiB that are enough for every recipe. */
    final long recommended;

    /** The end of a sentence. */
    final String alternative;

    FolderUse(String label, long minimum, long recommended, String alternative) {
      this.label = label;
      this.minimum = minimum;
      this.recommended = recommended;
      this.alternative = alternative;
    }
  }
}
