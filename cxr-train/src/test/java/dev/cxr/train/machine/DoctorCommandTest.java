package dev.cxr.train.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.machine.MachineFacts.Folder;
import dev.cxr.train.machine.MachineFacts.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this machine, whatever it is. */
class DoctorCommandTest {

  @TempDir private Path temporary;

  @Test
  void theMachineThatRunsTheseTestsCanTrain() throws IOException {
    MachineFacts machine = Probe.machine();
    assertThat(machine.memory().usable())
        .isPositive()
        .isLessThanOrEqualTo(machine.memory().total());
    assertThat(machine.memory().heap()).isEqualTo(Runtime.getRuntime().maxMemory() / (1 << 20));
    assertThat(machine.processor().cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(machine.folders()).extracting(Folder::use).contains(Use.RUNS, Use.ENGINE, Use.CXR);
    EngineFacts engine = Probe.engine();
    assertThat(engine.start()).isInstanceOf(EngineFacts.Started.class);
    assertThat(DoctorCommand.stopsTraining(Diagnosis.of(engine, machine))).isFalse();
  }

  @Test
  void aFolderIsMeasuredWithAllThatIsInItAndOneThatIsNotThereByTheOneAbove() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("a/b"));
    Files.write(folder.resolve("large"), new byte[3 << 20]);
    Files.write(temporary.resolve("a/beside"), new byte[1 << 20]);
    Folder measured = Probe.folder(Use.CXR, temporary.resolve("a"));
    assertThat(measured.mebibytes()).isEqualTo(4);
    assertThat(measured.writable()).isTrue();
    assertThat(measured.free()).isPositive();
    Folder missing = Probe.folder(Use.CXR, temporary.resolve("a/c/d"));
    assertThat(missing.mebibytes()).isZero();
    assertThat(missing.writable()).isTrue();
    assertThat(Probe.folder(Use.CXR, temporary.resolve("a/beside/e")).writable())
        .as("below a file")
        .isFalse();
  }

  @Test
  void whatNvidiaSmiSaysIsReadAndWhatItComplainsOfIsNot() {
    assertThat(
            NvidiaGpu.parse(
                "NVIDIA H100 80GB HBM3, 550.54.15, 81559\nNVIDIA T4, 550.54.15, 15360\n"))
        .containsExactly(
            new NvidiaGpu("NVIDIA H100 80GB HBM3", "550.54.15", 81559),
            new NvidiaGpu("NVIDIA T4", "550.54.15", 15360));
    assertThat(NvidiaGpu.parse("NVIDIA-SMI has failed, because it couldn't, communicate"))
        .isEmpty();
    assertThat(NvidiaGpu.parse("")).isEmpty();
  }
}
