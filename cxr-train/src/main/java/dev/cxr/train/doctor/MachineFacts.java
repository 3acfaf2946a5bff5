package dev.cxr.train.doctor;

import dev.cxr.train.device.CpuInfo;
import dev.cxr.train.device.NvidiaGpu;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What can be seen of a machine without starting the engine.
 *
 * @param java its feature version, such as 17
 * @param platform as natives name it, such as {@code linux-x86_64}
 * @param processor the CPU
 * @param ompThreads what {@code OMP_NUM_THREADS} says, if it says a number
 * @param memory of the machine and of Java
 * @param allocator whether the engine's memory settings hold
 * @param folders that training writes to
 * @param terminal what is printed to
 * @param driver NVIDIA's kernel driver, as it names itself; empty where there is none
 * @param gpus as NVIDIA's driver tells of them
 */
public record MachineFacts(
    int java,
    String platform,
    CpuInfo processor,
    OptionalInt ompThreads,
    MemoryFacts memory,
    AllocatorStatus allocator,
    List<FolderFacts> folders,
    TerminalFacts terminal,
    Optional<String> driver,
    List<NvidiaGpu> gpus) {

  /**
   * Memory, in MiB.
   *
   * @param total that the machine has
   * @param usable that this process may have: less where a container is limited
   * @param free of the usable, now
   * @param heap that Java may take for itself
   */
  record MemoryFacts(long total, long usable, long free, long heap) {}

  /** Whether the memory settings hold that make PyTorch fast on a CPU. */
  enum AllocatorStatus {
    /** They do. */
    SET,
    /** They do not. */
    MISSING,
    /** They are glibc's, and this is another C library. */
    NOT_GLIBC
  }

  /**
   * A folder.
   *
   * @param use what it is for
   * @param path where it is, or would be
   * @param mebibytes of what is in it; 0 if it does not exist
   * @param writable whether it, or the first folder above that exists, can be written
   * @param free MiB on its disk
   */
  record FolderFacts(FolderUse use, Path path, long mebibytes, boolean writable, long free) {}

  /** What a folder is for. */
  enum FolderUse {
    /** Run folders, where --out names no other. */
    RUNS("Runs"),
    /** The engine's unpacked natives. */
    ENGINE("Engine cache"),
    /** Whatever else DJL keeps. */
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

  /**
   * What is printed to.
   *
   * @param isTerminal rather than a file or a pipe
   * @param name what {@code TERM} says
   * @param charset of what is printed
   * @param locale such as {@code en_GB}
   */
  record TerminalFacts(boolean isTerminal, String name, String charset, String locale) {}
}
