package dev.cxr.train.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.runtime.CpuInfo;
import dev.cxr.train.device.NvidiaGpu;
import dev.cxr.train.device.PyTorchNatives;
import dev.cxr.train.doctor.Diagnostic.Level;
import dev.cxr.train.doctor.MachineFacts.AllocatorStatus;
import dev.cxr.train.doctor.MachineFacts.FolderFacts;
import dev.cxr.train.doctor.MachineFacts.FolderUse;
import dev.cxr.train.doctor.MachineFacts.MemoryFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SystemChecksTest {

  private static final NvidiaGpu GPU = new NvidiaGpu("NVIDIA A", "550.54.15", 40_000);
  private static final PyTorchNatives FOR_CPU = new PyTorchNatives("2.7.1", "cpu", "linux-x86_64");
  private static final PyTorchNatives FOR_GPU =
      new PyTorchNatives("2.5.1", "cu124", "linux-x86_64");
  private static final Start STARTED = new Start("2.7.1", 0, Optional.empty());

  private record Start(String version, int gpus, Optional<String> failure) {}

  /** A machine without problems, to be changed in one fact. */
  private static final class MachineBuilder {
    private String platform = "linux-x86_64";
    private CpuInfo processor = new CpuInfo("Some CPU", 8, Set.of("avx2", "fma"));
    private OptionalInt threads = OptionalInt.empty();
    private OptionalDouble load = OptionalDouble.of(0.7);
    private MemoryFacts memory = new MemoryFacts(16_000, 16_000, 12_000, 4_000);
    private AllocatorStatus allocator = AllocatorStatus.SET;
    private FolderFacts folder = new FolderFacts(FolderUse.RUNS, Path.of("/f"), 0, true, 50_000);
    private Optional<String> driver = Optional.empty();
    private List<NvidiaGpu> gpus = List.of();

    private MachineFacts facts() {
      return new MachineFacts(
          platform, processor, threads, load, memory, allocator, List.of(folder), driver, gpus);
    }

    private MachineBuilder platform(String newPlatform) {
      platform = newPlatform;
      return this;
    }

    private MachineBuilder flags(String... flags) {
      processor = new CpuInfo("Some CPU", 8, Set.of(flags));
      return this;
    }

    private MachineBuilder threads(int number) {
      threads = OptionalInt.of(number);
      return this;
    }

    private MachineBuilder load(double newLoad) {
      load = OptionalDouble.of(newLoad);
      return this;
    }

    private MachineBuilder memory(long total, long usable, long free, long heap) {
      memory = new MemoryFacts(total, usable, free, heap);
      return this;
    }

    private MachineBuilder allocator(AllocatorStatus newAllocator) {
      allocator = newAllocator;
      return this;
    }

    private MachineBuilder folder(FolderUse use, long inIt, boolean writable, long free) {
      folder = new FolderFacts(use, Path.of("/f"), inIt, writable, free);
      return this;
    }

    private MachineBuilder driver() {
      driver = Optional.of("NVRM version: 550.54.15");
      return this;
    }

    private MachineBuilder gpu() {
      gpus = List.of(GPU);
      return this;
    }
  }

  static Stream<Arguments> machines() {
    return Stream.of(
        row(new MachineBuilder().flags("sse2"), Level.NOTE, "CPU", "without AVX2"),
        row(new MachineBuilder().flags("avx2", "avx512f"), Level.OK, "CPU", "8 cores, AVX-512"),
        row(new MachineBuilder().flags(), Level.OK, "CPU", "Some CPU"),
        row(
            new MachineBuilder().platform("linux-aarch64").flags("asimd"),
            Level.OK,
            "CPU",
            "Some CPU"),
        row(
            new MachineBuilder().threads(2),
            Level.NOTE,
            "Threads",
            "only that many of the 8 cores",
            "Unset it"),
        row(new MachineBuilder().threads(8), Level.OK, "Threads", "OMP_NUM_THREADS=8"),
        row(
            new MachineBuilder().load(5.2),
            Level.NOTE,
            "Threads",
            "PyTorch uses 8, but the load average is 5.2 on 8 cores",
            "OMP_NUM_THREADS=3"),
        row(
            new MachineBuilder().threads(8).load(12),
            Level.NOTE,
            "Threads",
            "the load average is 12.0 on 8 cores",
            "OMP_NUM_THREADS=1"),
        row(new MachineBuilder().threads(3).load(5.2), Level.OK, "Threads", "OMP_NUM_THREADS=3"),
        row(
            new MachineBuilder().memory(64_000, 800, 700, 400),
            Level.PROBLEM,
            "Memory",
            "800 MiB of the machine's 64000 may be used",
            "raise the limit of the container"),
        row(
            new MachineBuilder().memory(8_000, 8_000, 2_000, 4_000),
            Level.NOTE,
            "Memory",
            "2000 free",
            "--set batch-size"),
        row(
            new MachineBuilder().memory(8_000, 8_000, 7_000, 100),
            Level.NOTE,
            "Java heap",
            "100 MiB"),
        row(
            new MachineBuilder().allocator(AllocatorStatus.MISSING),
            Level.NOTE,
            "Allocator",
            "twice as long",
            "--no-relaunch"),
        row(
            new MachineBuilder().allocator(AllocatorStatus.NOT_GLIBC),
            Level.OK,
            "Allocator",
            "not glibc"),
        row(
            new MachineBuilder().folder(FolderUse.RUNS, 0, true, 200),
            Level.PROBLEM,
            "Runs",
            "200 free",
            "--out"),
        row(
            new MachineBuilder().folder(FolderUse.RUNS, 0, true, 2_000),
            Level.NOTE,
            "Runs",
            "2000 free",
            "--out"),
        row(
            new MachineBuilder().folder(FolderUse.RUNS, 0, false, 50_000),
            Level.PROBLEM,
            "Runs",
            "not writable",
            "--out"),
        row(
            new MachineBuilder().folder(FolderUse.ENGINE, 0, false, 50_000),
            Level.PROBLEM,
            "Engine cache",
            "not writable",
            "ENGINE_CACHE_DIR"),
        row(
            new MachineBuilder().folder(FolderUse.ENGINE, 480, false, 50_000),
            Level.NOTE,
            "Engine cache",
            "not writable"),
        row(
            new MachineBuilder().folder(FolderUse.ENGINE, 0, true, 300),
            Level.PROBLEM,
            "Engine cache",
            "300 free",
            "ENGINE_CACHE_DIR"),
        row(
            new MachineBuilder().folder(FolderUse.ENGINE, 480, true, 10),
            Level.OK,
            "Engine cache",
            "10 free"),
        row(
            new MachineBuilder().folder(FolderUse.CXR, 0, false, 9_000),
            Level.PROBLEM,
            "cxr cache",
            "not writable",
            "CXR_CACHE_DIR"),
        row(
            new MachineBuilder().gpu(),
            Level.OK,
            "NVIDIA",
            "driver 550.54.15: NVIDIA A, 40000 MiB"),
        row(new MachineBuilder().driver(), Level.NOTE, "NVIDIA", "finds no GPU", "nvidia-smi"),
        row(new MachineBuilder(), Level.OK, "NVIDIA", "no driver"));
  }

  private static Arguments row(
      MachineBuilder machine, Level level, String subject, String... words) {
    return Arguments.of(machine.facts(), level, subject, List.of(words));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void reportsProblemWithRemedy(
      MachineFacts facts, Level level, String subject, List<String> words) {
    List<Diagnostic> diagnostics = SystemChecks.check(facts);
    assertDiagnostic(diagnostics, level, subject, words);
    assertThat(diagnostics)
        .filteredOn(remark -> !remark.subject().equals(subject))
        .allSatisfy(remark -> assertThat(remark.level()).as("%s", remark).isEqualTo(Level.OK));
  }

  static Stream<Arguments> engines() {
    return Stream.of(
        engine(new MachineBuilder(), STARTED, Level.OK, "Engine", List.of("2.7.1"), FOR_CPU),
        engine(new MachineBuilder(), STARTED, Level.OK, "Device", List.of("the CPU"), FOR_CPU),
        engine(new MachineBuilder(), STARTED, Level.OK, "Natives", List.of("2.7.1, cpu"), FOR_CPU),
        engine(
            new MachineBuilder().platform("osx-aarch64"),
            STARTED,
            Level.PROBLEM,
            "Natives",
            List.of("this machine is osx-aarch64", "Build with Maven"),
            FOR_CPU),
        engine(
            new MachineBuilder(),
            new Start("", 0, Optional.of("java.lang.UnsatisfiedLinkError: libc10.so")),
            Level.PROBLEM,
            "Engine",
            List.of("libc10.so", "Delete the engine cache"),
            FOR_CPU),
        engine(
            new MachineBuilder(),
            new Start("", 0, Optional.of("no engine")),
            Level.PROBLEM,
            "Natives",
            List.of("none on the class path", "Build with Maven")),
        engine(
            new MachineBuilder(),
            STARTED,
            Level.NOTE,
            "Natives",
            List.of("more than one"),
            FOR_CPU,
            FOR_GPU),
        engine(
            new MachineBuilder().gpu(),
            new Start("2.5.1", 1, Optional.empty()),
            Level.OK,
            "Device",
            List.of("the first of 1 GPUs"),
            FOR_GPU),
        engine(
            new MachineBuilder().gpu(), STARTED, Level.NOTE, "Device", List.of("-Pcu124"), FOR_CPU),
        engine(
            new MachineBuilder().gpu(),
            STARTED,
            Level.NOTE,
            "Device",
            List.of("does not see", "525.60", "CUDA_VISIBLE_DEVICES"),
            FOR_GPU),
        engine(
            new MachineBuilder(),
            STARTED,
            Level.NOTE,
            "Device",
            List.of("no driver", "Install"),
            FOR_GPU));
  }

  private static Arguments engine(
      MachineBuilder machine,
      Start start,
      Level level,
      String subject,
      List<String> words,
      PyTorchNatives... natives) {
    EngineFacts facts =
        new EngineFacts(List.of(natives), start.version(), start.gpus(), start.failure());
    return Arguments.of(facts, machine.facts(), level, subject, words);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void checksEngineAgainstMachine(
      EngineFacts engine, MachineFacts machine, Level level, String subject, List<String> words) {
    assertDiagnostic(SystemChecks.check(engine, machine), level, subject, words);
  }

  private static void assertDiagnostic(
      List<Diagnostic> diagnostics, Level level, String subject, List<String> words) {
    assertThat(diagnostics)
        .filteredOn(remark -> remark.subject().equals(subject))
        .singleElement()
        .satisfies(
            remark -> {
              assertThat(remark.level()).as("%s", remark).isEqualTo(level);
              assertThat(remark.message() + " " + remark.remedy()).contains(words);
              assertThat(remark.remedy().isEmpty()).isEqualTo(level == Level.OK);
            });
  }

  @Test
  void onlyProblemsStopTraining() {
    Diagnostic ok = Diagnostic.ok("A", "well");
    Diagnostic note = Diagnostic.note("B", "so so", "Do it.");
    Diagnostic problem = Diagnostic.problem("C", "bad", "Do it now.");
    assertThat(Diagnostic.stopsTraining(List.of(ok, note))).isFalse();
    assertThat(Diagnostic.stopsTraining(List.of(ok, note, problem))).isTrue();
    assertThat(Diagnostic.summary(List.of(ok, note, note, problem)))
        .isEqualTo("Problems that stop training: 1. Notes: 2.");
    assertThat(problem.toText().lines())
        .containsExactly("problem  C             bad", "                       Do it now.");
  }
}
