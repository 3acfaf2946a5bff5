package dev.cxr.train.machine;

import dev.cxr.train.machine.MachineFacts.Folder;
import dev.cxr.train.machine.MachineFacts.Memory;
import dev.cxr.train.machine.MachineFacts.Terminal;
import dev.cxr.train.machine.MachineFacts.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the facts mean for training. */
final class Diagnosis {

  private static final int OLDEST_JAVA = 17;
  private static final int NEWEST_JAVA = 21;

  /** The recipe quick takes about 1,100 MiB; binary, with its batches of 32, about 3,900. */
  private static final long LEAST_MEMORY = 1024;

  private static final long MEMORY_FOR_A_USUAL_BATCH = 4500;
  private static final long LEAST_HEAP = 256;

  /** A run asks for 256 MiB beside its checkpoints. */
  private static final long LEAST_DISK = 300;

  private static final long DISK_FOR_LARGE_NETWORKS = 4096;

  /** What natives unpack to. */
  private static final long CPU_NATIVES = 450;

  private static final long GPU_NATIVES = 3500;

  private Diagnosis() {}

  /** Of the machine alone. */
  static List<Remark> of(MachineFacts facts) {
    List<Remark> remarks = new ArrayList<>();
    remarks.add(java(facts.java()));
    remarks.add(processor(facts.processor(), facts.platform()));
    facts
        .ompThreads()
        .ifPresent(threads -> remarks.add(threads(threads, facts.processor().cores())));
    remarks.add(memory(facts.memory()));
    remarks.add(heap(facts.memory().heap()));
    remarks.add(allocator(facts.allocator()));
    facts.folders().forEach(folder -> remarks.add(folder(folder)));
    remarks.add(terminal(facts.terminal()));
    remarks.add(driver(facts));
    return remarks;
  }

  /** Of the engine on that machine. */
  static List<Remark> of(EngineFacts engine, MachineFacts machine) {
    List<Remark> remarks = new ArrayList<>();
    remarks.add(natives(engine.natives(), machine.platform()));
    if (engine.start() instanceof EngineFacts.Started started) {
      remarks.add(
          Remark.ok(
              "Engine", "PyTorch %s under DJL %s".formatted(started.version(), engine.djl())));
      remarks.add(device(started, engine.natives(), machine));
    } else if (engine.start() instanceof EngineFacts.Failed failed) {
      remarks.add(
          Remark.problem(
              "Engine",
              "does not start: " + failed.why(),
              "Remove the engine cache, so that the natives are unpacked anew; if that does not"
                  + " help, build again with the profile that fits this machine."));
    }
    return remarks;
  }

  private static Remark java(int feature) {
    return feature >= OLDEST_JAVA && feature <= NEWEST_JAVA
        ? Remark.ok("Java", String.valueOf(feature))
        : Remark.note(
            "Java",
            "%d; cxr is built with %d to %d".formatted(feature, OLDEST_JAVA, NEWEST_JAVA),
            "Use one of these if something is odd.");
  }

  private static Remark processor(Processor processor, String platform) {
    Set<String> flags = processor.flags();
    if (!platform.endsWith("x86_64") || flags.isEmpty()) {
      return Remark.ok("CPU", processor.toString());
    }
    if (flags.contains("avx2")) {
      String widest = flags.contains("avx512f") ? "AVX-512" : "AVX2";
      return Remark.ok("CPU", processor + ", " + widest);
    }
    return Remark.note(
        "CPU", processor + ", without AVX2, on which PyTorch is slow", "Use a newer machine.");
  }

  private static Remark threads(int threads, int cores) {
    return threads >= cores
        ? Remark.ok("Threads", "OMP_NUM_THREADS=" + threads)
        : Remark.note(
            "Threads",
            "OMP_NUM_THREADS=%d: PyTorch uses no more of the %d cores".formatted(threads, cores),
            "Unset it, unless that is meant.");
  }

  private static Remark memory(Memory memory) {
    String text =
        memory.usable() < memory.total()
            ? "%d MiB of the machine's %d are this container's, %d free"
                .formatted(memory.usable(), memory.total(), memory.free())
            : "%d MiB, %d free".formatted(memory.total(), memory.free());
    if (memory.usable() < LEAST_MEMORY) {
      return Remark.problem(
          "Memory",
          text + "; the smallest recipe takes about 1,100",
          "Use a larger machine, or give the container more.");
    }
    return memory.free() >= MEMORY_FOR_A_USUAL_BATCH
        ? Remark.ok("Memory", text)
        : Remark.note(
            "Memory",
            text + "; the recipe binary takes about 3,900",
            "Free some, or train with smaller batches, such as --set batch-size=8.");
  }

  private static Remark heap(long mebibytes) {
    return mebibytes >= LEAST_HEAP
        ? Remark.ok("Java heap", mebibytes + " MiB at most")
        : Remark.note(
            "Java heap",
            mebibytes + " MiB at most, too few for a large collection",
            "Give Java more, such as by MAVEN_OPTS=-Xmx1g.");
  }

  private static Remark allocator(MachineFacts.Allocator allocator) {
    return switch (allocator) {
      case SET -> Remark.ok("Allocator", "set to keep memory, which makes the CPU faster");
      case NOT_GLIBC -> Remark.ok("Allocator", "not glibc's: its settings do not apply");
      case MISSING ->
          Remark.note(
              "Allocator",
              "gives memory back after each batch: training takes about twice as long",
              "Leave --no-relaunch out.");
    };
  }

  private static Remark folder(Folder folder) {
    String subject = folder.use().toString();
    String text =
        "%s, %d MiB in it, %d free".formatted(folder.path(), folder.mebibytes(), folder.free());
    boolean unpacked = folder.use() == Use.ENGINE && folder.mebibytes() >= CPU_NATIVES / 2;
    if (!folder.writable()) {
      return unpacked
          ? Remark.note(
              subject, text + "; it cannot be written", "Other natives could not be unpacked.")
          : Remark.problem(subject, text + "; it cannot be written", elsewhere(folder.use()));
    }
    if (folder.use() == Use.ENGINE) {
      return unpacked || folder.free() >= CPU_NATIVES
          ? Remark.ok(subject, text)
          : Remark.problem(
              subject,
              "%s; natives unpack to %d MiB, for a GPU to %d"
                  .formatted(text, CPU_NATIVES, GPU_NATIVES),
              "Free some, or name another disk by ENGINE_CACHE_DIR.");
    }
    if (folder.use() != Use.RUNS || folder.free() >= DISK_FOR_LARGE_NETWORKS) {
      return Remark.ok(subject, text);
    }
    return folder.free() < LEAST_DISK
        ? Remark.problem(subject, text, "Free some, or choose another folder with --out.")
        : Remark.note(
            subject,
            text + "; three checkpoints of a large network can take more",
            "Free some, or choose another folder with --out.");
  }

  private static String elsewhere(Use use) {
    return switch (use) {
      case RUNS -> "Choose another folder with --out.";
      case ENGINE -> "Name another by ENGINE_CACHE_DIR.";
      case DJL -> "Name another by DJL_CACHE_DIR.";
      case CXR -> "Name another by CXR_CACHE_DIR.";
    };
  }

  private static Remark terminal(Terminal terminal) {
    String text =
        "%s, %s, %s"
            .formatted(
                terminal.isTerminal() ? terminal.name() : "none: progress comes in lines",
                terminal.charset(),
                terminal.locale());
    return !terminal.isTerminal() || terminal.charset().equals("UTF-8")
        ? Remark.ok("Terminal", text)
        : Remark.note(
            "Terminal",
            text + ": the progress bar will show as ?",
            "Set LANG, such as to C.UTF-8.");
  }

  private static Remark driver(MachineFacts facts) {
    if (!facts.gpus().isEmpty()) {
      return Remark.ok(
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
                Remark.note(
                    "NVIDIA",
                    driver + ", but nvidia-smi finds no GPU",
                    "Look at what nvidia-smi says; a container must be started with its GPUs."))
        .orElse(Remark.ok("NVIDIA", "no driver: there is no GPU to learn on"));
  }

  private static Remark natives(List<Natives> natives, String platform) {
    String all = natives.stream().map(Natives::toString).collect(Collectors.joining("; "));
    if (natives.isEmpty()) {
      return Remark.problem(
          "Natives", "none on the class path", "Build with Maven on this machine: it picks them.");
    }
    if (natives.stream().noneMatch(n -> n.platform().equals(platform))) {
      return Remark.problem(
          "Natives",
          "%s; this machine is %s".formatted(all, platform),
          "Build with Maven on this machine: it picks what fits, for Linux (x86-64, Arm), macOS"
              + " (Arm) and Windows.");
    }
    return natives.size() == 1
        ? Remark.ok("Natives", all)
        : Remark.note(
            "Natives", all + ": more than one", "Build anew with one profile: mvn clean install.");
  }

  private static Remark device(
      EngineFacts.Started started, List<Natives> natives, MachineFacts machine) {
    if (started.gpus() > 0) {
      return Remark.ok("Device", "the first of %d GPUs".formatted(started.gpus()));
    }
    boolean forGpu = natives.stream().anyMatch(Natives::isForGpu);
    boolean hasGpu = !machine.gpus().isEmpty();
    if (hasGpu && forGpu) {
      return Remark.note(
          "Device",
          "the CPU: the engine does not see the GPU",
          "CUDA 12 wants driver 525.60 or newer, CUDA 11 wants 450.80 (-Pcu118);"
              + " CUDA_VISIBLE_DEVICES must not hide it.");
    }
    if (hasGpu) {
      return Remark.note(
          "Device",
          "the CPU: these natives know no GPU",
          "Add the profile to every command, building included: -Pcu124, or -Pcu118 for an old"
              + " driver.");
    }
    return forGpu
        ? Remark.note(
            "Device",
            "the CPU: natives for a GPU, but no driver for one",
            "Install NVIDIA's driver, or build without the profile, which is faster on a CPU.")
        : Remark.ok("Device", "the CPU");
  }
}
