package dev.cxr.train.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.device.NvidiaGpu;
import dev.cxr.train.doctor.MachineFacts.FolderFacts;
import dev.cxr.train.doctor.MachineFacts.FolderUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemProbeTest {

  @TempDir private Path temporary;

  @Test
  void thisMachineCanTrain() throws IOException {
    MachineFacts machine = SystemProbe.machine();
    assertThat(machine.memory().usable())
        .isPositive()
        .isLessThanOrEqualTo(machine.memory().total());
    assertThat(machine.memory().heap()).isEqualTo(Runtime.getRuntime().maxMemory() / (1 << 20));
    assertThat(machine.processor().cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(machine.folders())
        .extracting(FolderFacts::use)
        .contains(FolderUse.RUNS, FolderUse.ENGINE, FolderUse.CXR);
    EngineFacts engine = SystemProbe.engine();
    assertThat(engine.failure()).isEmpty();
    assertThat(engine.version()).matches("PyTorch \\d.* under DJL \\d.*");
    assertThat(Diagnostic.stopsTraining(SystemChecks.check(engine, machine))).isFalse();
  }

  @Test
  void measuresFolders() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("a/b"));
    Files.write(folder.resolve("large"), new byte[3 << 20]);
    Files.write(temporary.resolve("a/beside"), new byte[1 << 20]);
    FolderFacts measured = SystemProbe.folder(FolderUse.CXR, temporary.resolve("a"));
    assertThat(measured.mebibytes()).isEqualTo(4);
    assertThat(measured.writable()).isTrue();
    assertThat(measured.free()).isPositive();
    FolderFacts missing = SystemProbe.folder(FolderUse.CXR, temporary.resolve("a/c/d"));
    assertThat(missing.mebibytes()).isZero();
    assertThat(missing.writable()).isTrue();
    assertThat(SystemProbe.folder(FolderUse.CXR, temporary.resolve("a/beside/e")).writable())
        .as("below a file")
        .isFalse();
  }

  @Test
  void parsesNvidiaSmiOutput() {
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
