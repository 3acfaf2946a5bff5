package dev.cxr.train.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.machine.EngineFacts.Failed;
import dev.cxr.train.machine.EngineFacts.Start;
import dev.cxr.train.machine.EngineFacts.Started;
import dev.cxr.train.machine.MachineFacts.Allocator;
import dev.cxr.train.machine.MachineFacts.Folder;
import dev.cxr.train.machine.MachineFacts.Memory;
import dev.cxr.train.machine.MachineFacts.Terminal;
import dev.cxr.train.machine.MachineFacts.Use;
import dev.cxr.train.machine.Remark.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosisTest {

  private static final NvidiaGpu GPU = new NvidiaGpu("NVIDIA A", "550.54.15", 40_000);
  private static final Natives FOR_CPU = new Natives("2.7.1", "cpu", "linux-x86_64");
  private static final Natives FOR_GPU = new Natives("2.5.1", "cu124", "linux-x86_64");
  private static final Start STARTED = new Started("2.7.1", 0);

  /** A machine with which all is well, to be changed in one thing. */
  private static final class Machine {
    private int java = 17;
    private String platform = "linux-x86_64";
    private Processor processor = new Processor("Some CPU", 8, Set.of("avx2", "fma"));
    private OptionalInt threads = OptionalInt.empty();
    private Memory memory = new Memory(16_000, 16_000, 12_000, 4_000);
    private Allocator allocator = Allocator.SET;
    private Folder folder = new Folder(Use.RUNS, Path.of("/f"), 0, true, 50_000);
    private Terminal terminal = new Terminal(true, "xterm", "UTF-8", "en_GB");
    private Optional<String> driver = Optional.empty();
    private List<NvidiaGpu> gpus = List.of();

    private MachineFacts facts() {
      return new MachineFacts(
          java,
          platform,
          processor,
          threads,
          memory,
          allocator,
          List.of(folder),
          terminal,
          driver,
          gpus);
    }

    private Machine java(int newJava) {
      java = newJava;
      return this;
    }

    private Machine platform(String newPlatform) {
      platform = newPlatform;
      return this;
    }

    private Machine flags(String... flags) {
      processor = new Processor("Some CPU", 8, Set.of(flags));
      return this;
    }

    private Machine threads(int number) {
      threads = OptionalInt.of(number);
      return this;
    }

    private Machine memory(long total, long usable, long free, long heap) {
      memory = new Memory(total, usable, free, heap);
      return this;
    }

    private Machine allocator(Allocator newAllocator) {
      allocator = newAllocator;
      return this;
    }

    private Machine folder(Use use, long inIt, boolean writable, long free) {
      folder = new Folder(use, Path.of("/f"), inIt, writable, free);
      return this;
    }

    private Machine terminal(boolean isTerminal, String charset) {
      terminal = new Terminal(isTerminal, "xterm", charset, "en_GB");
      return this;
    }

    private Machine driver() {
      driver = Optional.of("NVRM version: 550.54.15");
      return this;
    }

    private Machine gpu() {
      gpus = List.of(GPU);
      return this;
    }
  }

  static Stream<Arguments> machines() {
    return Stream.of(
        row(new Machine().java(11), Level.NOTE, "Java", "17 to 21"),
        row(new Machine().java(21), Level.OK, "Java", "21"),
        row(new Machine().java(25), Level.NOTE, "Java", "25"),
        row(new Machine().flags("sse2"), Level.NOTE, "CPU", "without AVX2"),
        row(new Machine().flags("avx2", "avx512f"), Level.OK, "CPU", "8 cores, AVX-512"),
        row(new Machine().flags(), Level.OK, "CPU", "Some CPU"),
        row(new Machine().platform("linux-aarch64").flags("asimd"), Level.OK, "CPU", "Some CPU"),
        row(new Machine().threads(2), Level.NOTE, "Threads", "no more of the 8 cores", "Unset it"),
        row(new Machine().threads(8), Level.OK, "Threads", "OMP_NUM_THREADS=8"),
        row(
            new Machine().memory(64_000, 800, 700, 400),
            Level.PROBLEM,
            "Memory",
            "800 MiB of the machine's 64000",
            "give the container more"),
        row(
            new Machine().memory(8_000, 8_000, 2_000, 4_000),
            Level.NOTE,
            "Memory",
            "2000 free",
            "--set batch-size"),
        row(new Machine().memory(8_000, 8_000, 7_000, 100), Level.NOTE, "Java heap", "100 MiB"),
        row(
            new Machine().allocator(Allocator.MISSING),
            Level.NOTE,
            "Allocator",
            "twice as long",
            "--no-relaunch"),
        row(new Machine().allocator(Allocator.NOT_GLIBC), Level.OK, "Allocator", "not glibc's"),
        row(
            new Machine().folder(Use.RUNS, 0, true, 200),
            Level.PROBLEM,
            "Runs",
            "200 free",
            "--out"),
        row(
            new Machine().folder(Use.RUNS, 0, true, 2_000),
            Level.NOTE,
            "Runs",
            "2000 free",
            "--out"),
        row(
            new Machine().folder(Use.RUNS, 0, false, 50_000),
            Level.PROBLEM,
            "Runs",
            "cannot be written",
            "--out"),
        row(
            new Machine().folder(Use.ENGINE, 0, false, 50_000),
            Level.PROBLEM,
            "Engine cache",
            "cannot be written",
            "ENGINE_CACHE_DIR"),
        row(
            new Machine().folder(Use.ENGINE, 480, false, 50_000),
            Level.NOTE,
            "Engine cache",
            "cannot be written"),
        row(
            new Machine().folder(Use.ENGINE, 0, true, 300),
            Level.PROBLEM,
            "Engine cache",
            "300 free",
            "ENGINE_CACHE_DIR"),
        row(new Machine().folder(Use.ENGINE, 480, true, 10), Level.OK, "Engine cache", "10 free"),
        row(
            new Machine().folder(Use.DJL, 0, false, 9_000),
            Level.PROBLEM,
            "DJL cache",
            "cannot be written",
            "DJL_CACHE_DIR"),
        row(
            new Machine().folder(Use.CXR, 0, false, 9_000),
            Level.PROBLEM,
            "cxr cache",
            "cannot be written",
            "CXR_CACHE_DIR"),
        row(
            new Machine().terminal(true, "ANSI_X3.4-1968"),
            Level.NOTE,
            "Terminal",
            "will show as ?",
            "LANG"),
        row(new Machine().terminal(false, "ANSI_X3.4-1968"), Level.OK, "Terminal", "in lines"),
        row(new Machine().gpu(), Level.OK, "NVIDIA", "driver 550.54.15: NVIDIA A, 40000 MiB"),
        row(new Machine().driver(), Level.NOTE, "NVIDIA", "finds no GPU", "nvidia-smi"),
        row(new Machine(), Level.OK, "NVIDIA", "no driver"));
  }

  private static Arguments row(Machine machine, Level level, String subject, String... words) {
    return Arguments.of(machine.facts(), level, subject, List.of(words));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void ofOneThingThatIsAmissTheDoctorSaysHowBadItIsAndWhatToDo(
      MachineFacts facts, Level level, String subject, List<String> words) {
    List<Remark> remarks = Diagnosis.of(facts);
    assertRemark(remarks, level, subject, words);
    assertThat(remarks)
        .filteredOn(remark -> !remark.subject().equals(subject))
        .allSatisfy(remark -> assertThat(remark.level()).as("%s", remark).isEqualTo(Level.OK));
  }

  static Stream<Arguments> engines() {
    return Stream.of(
        engine(
            new Machine(),
            STARTED,
            Level.OK,
            "Engine",
            List.of("PyTorch 2.7.1 under DJL 0.38"),
            FOR_CPU),
        engine(new Machine(), STARTED, Level.OK, "Device", List.of("the CPU"), FOR_CPU),
        engine(new Machine(), STARTED, Level.OK, "Natives", List.of("2.7.1, cpu"), FOR_CPU),
        engine(
            new Machine().platform("osx-aarch64"),
            STARTED,
            Level.PROBLEM,
            "Natives",
            List.of("this machine is osx-aarch64", "Build with Maven"),
            FOR_CPU),
        engine(
            new Machine(),
            new Failed("java.lang.UnsatisfiedLinkError: libc10.so"),
            Level.PROBLEM,
            "Engine",
            List.of("libc10.so", "Remove the engine cache"),
            FOR_CPU),
        engine(
            new Machine(),
            new Failed("no engine"),
            Level.PROBLEM,
            "Natives",
            List.of("none on the class path", "Build with Maven")),
        engine(
            new Machine(),
            STARTED,
            Level.NOTE,
            "Natives",
            List.of("more than one"),
            FOR_CPU,
            FOR_GPU),
        engine(
            new Machine().gpu(),
            new Started("2.5.1", 1),
            Level.OK,
            "Device",
            List.of("the first of 1 GPUs"),
            FOR_GPU),
        engine(new Machine().gpu(), STARTED, Level.NOTE, "Device", List.of("-Pcu124"), FOR_CPU),
        engine(
            new Machine().gpu(),
            STARTED,
            Level.NOTE,
            "Device",
            List.of("does not see", "525.60", "CUDA_VISIBLE_DEVICES"),
            FOR_GPU),
        engine(
            new Machine(),
            STARTED,
            Level.NOTE,
            "Device",
            List.of("no driver for one", "Install"),
            FOR_GPU));
  }

  private static Arguments engine(
      Machine machine,
      Start start,
      Level level,
      String subject,
      List<String> words,
      Natives... natives) {
    EngineFacts facts = new EngineFacts("0.38.0", List.of(natives), start);
    return Arguments.of(facts, machine.facts(), level, subject, words);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theEngineIsJudgedTogetherWithItsMachine(
      EngineFacts engine, MachineFacts machine, Level level, String subject, List<String> words) {
    assertRemark(Diagnosis.of(engine, machine), level, subject, words);
  }

  private static void assertRemark(
      List<Remark> remarks, Level level, String subject, List<String> words) {
    assertThat(remarks)
        .filteredOn(remark -> remark.subject().equals(subject))
        .singleElement()
        .satisfies(
            remark -> {
              assertThat(remark.level()).as("%s", remark).isEqualTo(level);
              assertThat(remark.text() + " " + remark.remedy()).contains(words);
              assertThat(remark.remedy().isEmpty()).isEqualTo(level == Level.OK);
            });
  }

  @Test
  void onlyAProblemStopsTraining() {
    Remark ok = Remark.ok("A", "well");
    Remark note = Remark.note("B", "so so", "Do it.");
    Remark problem = Remark.problem("C", "bad", "Do it now.");
    assertThat(DoctorCommand.stopsTraining(List.of(ok, note))).isFalse();
    assertThat(DoctorCommand.stopsTraining(List.of(ok, note, problem))).isTrue();
    assertThat(DoctorCommand.conclusion(List.of(ok))).isEqualTo("Nothing stops training.");
    assertThat(DoctorCommand.conclusion(List.of(note, problem)))
        .isEqualTo("One problem stops training; there is a note.");
    assertThat(DoctorCommand.line(problem).lines())
        .containsExactly("problem  C             bad", "                       Do it now.");
  }
}
