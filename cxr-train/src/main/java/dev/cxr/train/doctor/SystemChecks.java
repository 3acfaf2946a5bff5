package dev.cxr.train.doctor;

import dev.cxr.train.device.CpuInfo;
import dev.cxr.train.device.NvidiaGpu;
import dev.cxr.train.device.PyTorchNatives;
import dev.cxr.train.doctor.MachineFacts.FolderFacts;
import dev.cxr.train.doctor.MachineFacts.FolderUse;
import dev.cxr.train.doctor.MachineFacts.MemoryFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks a machine and its engine for training. */
public final class SystemChecks {

  /** The recipe quick needs about 1,100 MiB; binary, with batches of 32, about 3,900. */
  private static final long MIN_MEMORY_MIB = 1024;

  private static final long RECOMMENDED_MEMORY_MIB = 4500;
  private static final long MIN_HEAP_MIB = 256;

  /** A run requires 256 MiB besides its checkpoints. */
  private static final long MIN_DISK_MIB = 300;

  private static final long RECOMMENDED_DISK_MIB = 4096;

  /** The size of unpacked natives. */
  private static final long CPU_NATIVES_MIB = 450;

  private static final long GPU_NATIVES_MIB = 3500;

  private SystemChecks() {}

  /**
   * Checks the machine.
   *
   * @param facts what its files do not have
   * @return one result per check
   */
  public static List<Diagnostic> check(MachineFacts facts) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    diagnostics.add(processor(facts.processor(), facts.platform()));
    facts
        .ompThreads()
        .ifPresent(threads -> diagnostics.add(threads(threads, facts.processor().cores())));
    diagnostics.add(memory(facts.memory()));
    diagnostics.add(heap(facts.memory().heap()));
    diagnostics.add(allocator(facts.allocator()));
    facts.folders().forEach(folder -> diagnostics.add(folder(folder)));
    diagnostics.add(driver(facts));
    return diagnostics;
  }

  /**
   * Checks the engine on that machine.
   *
   * @param engine facts of the engine
   * @param machine facts of the machine
   * @return one result per check
   */
  public static List<Diagnostic> check(EngineFacts engine, MachineFacts machine) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    diagnostics.add(natives(engine.natives(), machine.platform()));
    if (engine.start() instanceof EngineFacts.Started started) {
      diagnostics.add(
          Diagnostic.ok(
              "Engine", "PyTorch %s under DJL %s".formatted(started.version(), engine.djl())));
      diagnostics.add(device(started, engine.natives(), machine));
    } else if (engine.start() instanceof EngineFacts.Failed failed) {
      diagnostics.add(
          Diagnostic.problem(
              "Engine",
              "does not start: " + failed.cause(),
              "Delete the engine cache, so that the natives are unpacked again; if that does not"
                  + " help, build with the Maven profile for this machine."));
    }
    return diagnostics;
  }

  private static Diagnostic processor(CpuInfo processor, String platform) {
    Set<String> flags = processor.flags();
    if (!platform.endsWith("x86_64") || flags.isEmpty()) {
      return Diagnostic.ok("CPU", processor.toString());
    }
    if (flags.contains("avx2")) {
      String widest = flags.contains("avx512f") ? "AVX-512" : "AVX2";
      return Diagnostic.ok("CPU", processor + ", " + widest);
    }
    return Diagnostic.note(
        "CPU", processor + ", without AVX2: PyTorch is slow", "Use a newer machine.");
  }

  private static Diagnostic threads(int threads, int cores) {
    return threads >= cores
        ? Diagnostic.ok("Threads", "OMP_NUM_THREADS=" + threads)
        : Diagnostic.note(
            "Threads",
            "OMP_NUM_THREADS=%d: PyTorch uses only that many of the %d cores"
                .formatted(threads, cores),
            "Unset it, unless it is intended.");
  }

  private static Diagnostic memory(MemoryFacts memory) {
    String text =
        memory.usable() < memory.total()
            ? "%d MiB in this container of the machine's %d, %d free"
                .formatted(memory.usable(), memory.total(), memory.free())
            : "%d MiB, %d free".formatted(memory.total(), memory.free());
    if (memory.usable() < MIN_MEMORY_MIB) {
      return Diagnostic.problem(
          "Memory",
          text + "; the smallest recipe needs about 1,100",
          "Use a larger machine, or raise the container's limit.");
    }
    return memory.free() >= RECOMMENDED_MEMORY_MIB
        ? Diagnostic.ok("Memory", text)
        : Diagnostic.note(
            "Memory",
            text + "; the recipe binary needs about 3,900",
            "Free memory, or train with smaller batches, such as --set batch-size=8.");
  }

  private static Diagnostic heap(long mebibytes) {
    return mebibytes >= MIN_HEAP_MIB
        ? Diagnostic.ok("Java heap", mebibytes + " MiB at most")
        : Diagnostic.note(
            "Java heap",
            mebibytes + " MiB at most, too small for a large dataset",
            "Raise the limit, for example with MAVEN_OPTS=-Xmx1g.");
  }

  private static Diagnostic allocator(MachineFacts.AllocatorStatus allocator) {
    return switch (allocator) {
      case SET ->
          Diagnostic.ok("Allocator", "keeps memory, which makes training on the CPU faster");
      case NOT_GLIBC -> Diagnostic.ok("Allocator", "not glibc: its settings do not apply");
      case MISSING ->
          Diagnostic.note(
              "Allocator",
              "returns memory after each batch: training takes about twice as long",
              "Omit --no-relaunch.");
    };
  }

  private static Diagnostic folder(FolderFacts folder) {
    String subject = folder.use().toString();
    String text =
        "%s, %d MiB used, %d free".formatted(folder.path(), folder.mebibytes(), folder.free());
    boolean unpacked =
        folder.use() == FolderUse.ENGINE && folder.mebibytes() >= CPU_NATIVES_MIB / 2;
    if (!folder.writable()) {
      return unpacked
          ? Diagnostic.note(
              subject, text + "; not writable", "Make it writable to use other natives.")
          : Diagnostic.problem(subject, text + "; not writable", alternativeFolder(folder.use()));
    }
    if (folder.use() == FolderUse.ENGINE) {
      return unpacked || folder.free() >= CPU_NATIVES_MIB
          ? Diagnostic.ok(subject, text)
          : Diagnostic.problem(
              subject,
              "%s; unpacked natives need %d MiB, for a GPU %d"
                  .formatted(text, CPU_NATIVES_MIB, GPU_NATIVES_MIB),
              "Free disk space, or set ENGINE_CACHE_DIR to another disk.");
    }
    if (folder.use() != FolderUse.RUNS || folder.free() >= RECOMMENDED_DISK_MIB) {
      return Diagnostic.ok(subject, text);
    }
    return folder.free() < MIN_DISK_MIB
        ? Diagnostic.problem(subject, text, "Free disk space, or choose another folder with --out.")
        : Diagnostic.note(
            subject,
            text + "; three checkpoints of a large network can need more",
            "Free disk space, or choose another folder with --out.");
  }

  private static String alternativeFolder(FolderUse use) {
    return switch (use) {
      case RUNS -> "Choose another folder with --out.";
      case ENGINE -> "Set ENGINE_CACHE_DIR to another folder.";
      case DJL -> "Set DJL_CACHE_DIR to another folder.";
      case CXR -> "Set CXR_CACHE_DIR to another folder.";
    };
  }

  private static Diagnostic driver(MachineFacts facts) {
    if (!facts.gpus().isEmpty()) {
      return Diagnostic.ok(
          "NVIDIA",
          "driver %s: %s"
              .formatted(
                  facts.gpus().get(0).driver(),
                  facts.gpus().stream()
                      .map(NvidiaGpu::toString)
                      .collect(Collectors.joining("; "))));
    }
    return facts
        .driver()
        .map(
            driver ->
                Diagnostic.note(
                    "NVIDIA",
                    driver + ", but nvidia-smi finds no GPU",
                    "Run nvidia-smi for the reason; start a container with its GPUs."))
        .orElse(Diagnostic.ok("NVIDIA", "no driver: training uses the CPU"));
  }

  private static Diagnostic natives(List<PyTorchNatives> natives, String platform) {
    String all = natives.stream().map(PyTorchNatives::toString).collect(Collectors.joining("; "));
    if (natives.isEmpty()) {
      return Diagnostic.problem(
          "Natives",
          "none on the class path",
          "Build with Maven on this machine, which selects them.");
    }
    if (natives.stream().noneMatch(n -> n.platform().equals(platform))) {
      return Diagnostic.problem(
          "Natives",
          "%s; this machine is %s".formatted(all, platform),
          "Build with Maven on this machine, which selects natives for Linux (x86-64, Arm), macOS"
              + " (Arm) and Windows.");
    }
    return natives.size() == 1
        ? Diagnostic.ok("Natives", all)
        : Diagnostic.note(
            "Natives", all + ": more than one", "Build again with one profile: mvn clean install.");
  }

  private static Diagnostic device(
      EngineFacts.Started started, List<PyTorchNatives> natives, MachineFacts machine) {
    if (started.gpus() > 0) {
      return Diagnostic.ok("Device", "the first of %d GPUs".formatted(started.gpus()));
    }
    boolean forGpu = natives.stream().anyMatch(PyTorchNatives::isForGpu);
    boolean hasGpu = !machine.gpus().isEmpty();
    if (hasGpu && forGpu) {
      return Diagnostic.note(
          "Device",
          "the CPU: the engine does not see the GPU",
          "CUDA 12 needs driver 525.60 or newer, CUDA 11 needs 450.80 (-Pcu118);"
              + " CUDA_VISIBLE_DEVICES must not hide it.");
    }
    if (hasGpu) {
      return Diagnostic.note(
          "Device",
          "the CPU: these natives do not support a GPU",
          "Add -Pcu124 to the build and every command, or -Pcu118 for an old driver.");
    }
    return forGpu
        ? Diagnostic.note(
            "Device",
            "the CPU: natives for a GPU, but no driver",
            "Install NVIDIA's driver, or build without the profile, which is faster on a CPU.")
        : Diagnostic.ok("Device", "the CPU");
  }
}
