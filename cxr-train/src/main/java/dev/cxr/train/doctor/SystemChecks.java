package dev.cxr.train.doctor;

import dev.cxr.common.runtime.CpuInfo;
import dev.cxr.train.device.NvidiaGpu;
import dev.cxr.train.device.PyTorchNatives;
import dev.cxr.train.doctor.MachineFacts.FolderFacts;
import dev.cxr.train.doctor.MachineFacts.FolderUse;
import dev.cxr.train.doctor.MachineFacts.MemoryFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks a machine and its engine for training. */
public final class SystemChecks {

  /** The recipe quick needs about 900 MiB; binary, with batches of 32, about 3,900. */
  private static final long MIN_MEMORY_MIB = 900;

  private static final long RECOMMENDED_MEMORY_MIB = 4500;
  private static final long MIN_HEAP_MIB = 256;

  /** Of all cores; the doctor itself causes less. */
  private static final double BUSY_LOAD = 0.5;

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
    threads(facts).ifPresent(diagnostics::add);
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
    if (engine.failure().isPresent()) {
      diagnostics.add(
          Diagnostic.problem(
              "Engine",
              "does not start: " + engine.failure().get(),
              "Delete the engine cache, so that the natives are unpacked again; if that does not"
                  + " help, build with the Maven profile for this machine."));
    } else {
      diagnostics.add(Diagnostic.ok("Engine", engine.version()));
      diagnostics.add(device(engine, !machine.gpus().isEmpty()));
    }
    return diagnostics;
  }

  private static Diagnostic processor(CpuInfo processor, String platform) {
    Set<String> flags = processor.flags();
    if (!platform.endsWith("x86_64") || flags.isEmpty()) {
      return Diagnostic.ok("CPU", processor.toString());
    }
    return flags.contains("avx2")
        ? Diagnostic.ok("CPU", processor + (flags.contains("avx512f") ? ", AVX-512" : ", AVX2"))
        : Diagnostic.note(
            "CPU", processor + ", without AVX2: PyTorch is slow", "Use a newer machine.");
  }

  /** PyTorch's threads wait for each other, so that one without a core delays all. */
  private static Optional<Diagnostic> threads(MachineFacts facts) {
    int cores = facts.processor().cores();
    double load = facts.load().orElse(0);
    boolean isBusy = cores > 1 && load >= BUSY_LOAD * cores;
    int freeCores = isBusy ? (int) Math.max(1, Math.round(cores - load)) : cores;
    int threads = facts.ompThreads().orElse(cores);
    if (threads > freeCores) {
      return Optional.of(
          Diagnostic.note(
              "Threads",
              String.format(
                  Locale.ROOT,
                  "PyTorch uses %d, but the load average is %.1f on %d cores",
                  threads,
                  load,
                  cores),
              "Stop other programs, or set OMP_NUM_THREADS=%d: beside another job on two cores, one thread"
                      .formatted(freeCores)
                  + " trained 2.4 times as fast as two."));
    }
    if (facts.ompThreads().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        threads >= freeCores
            ? Diagnostic.ok("Threads", "OMP_NUM_THREADS=" + threads)
            : Diagnostic.note(
                "Threads",
                "OMP_NUM_THREADS=%d: PyTorch uses only that many of the %d cores"
                    .formatted(threads, cores),
                "Unset it, unless it is intended."));
  }

  private static Diagnostic memory(MemoryFacts memory) {
    String text =
        memory.usable() < memory.total()
            ? "%d MiB of the machine's %d may be used, %d free"
                .formatted(memory.usable(), memory.total(), memory.free())
            : "%d MiB, %d free".formatted(memory.total(), memory.free());
    if (memory.usable() < MIN_MEMORY_MIB) {
      return Diagnostic.problem(
          "Memory",
          text + "; the smallest recipe needs about 900",
          "Use a larger machine, or raise the limit of the container or of ulimit -v.");
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
    FolderUse use = folder.use();
    String text =
        "%s, %d MiB used, %d free".formatted(folder.path(), folder.mebibytes(), folder.free());
    boolean unpacked = use == FolderUse.ENGINE && folder.mebibytes() >= use.minimum / 2;
    if (!folder.writable()) {
      return unpacked
          ? Diagnostic.note(
              use.label, text + "; not writable", "Make it writable to use other natives.")
          : Diagnostic.problem(
              use.label, text + "; not writable", "Make it writable, or " + use.alternative);
    }
    if (unpacked || folder.free() >= use.recommended) {
      return Diagnostic.ok(use.label, text);
    }
    String remedy = "Free disk space, or " + use.alternative;
    return folder.free() < use.minimum
        ? Diagnostic.problem(use.label, "%s; needs %d".formatted(text, use.minimum), remedy)
        : Diagnostic.note(
            use.label, text + "; three checkpoints of a large network can need more", remedy);
  }

  private static Diagnostic driver(MachineFacts facts) {
    List<NvidiaGpu> gpus = facts.gpus();
    if (!gpus.isEmpty()) {
      return Diagnostic.ok("NVIDIA", "driver %s: %s".formatted(gpus.get(0).driver(), join(gpus)));
    }
    return facts.driver().isEmpty()
        ? Diagnostic.ok("NVIDIA", "no driver: training uses the CPU")
        : Diagnostic.note(
            "NVIDIA",
            "driver %s, but nvidia-smi finds no GPU".formatted(facts.driver().get()),
            "Run nvidia-smi for the reason; start a container with its GPUs.");
  }

  private static String join(List<?> items) {
    return items.stream().map(Object::toString).collect(Collectors.joining("; "));
  }

  private static Diagnostic natives(List<PyTorchNatives> natives, String platform) {
    String all = join(natives);
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

  private static Diagnostic device(EngineFacts engine, boolean hasGpu) {
    if (engine.gpus() > 0) {
      return Diagnostic.ok("Device", "the first of %d GPUs".formatted(engine.gpus()));
    }
    boolean forGpu = engine.natives().stream().anyMatch(PyTorchNatives::isForGpu);
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
