package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own that are killed at work. {@code cxr.kills} says how many. */
class KillTest {

  private static final int KILLS = Integer.getInteger("cxr.kills", 3);
  private static final int KILLS_PER_RUN = 5;
  private static final long SEED = 7;

  @TempDir private Path temporary;
  private final List<Process> started = new ArrayList<>();
  private Path data;

  @BeforeEach
  void writeImages() throws IOException {
    data = temporary.resolve("data");
    SmallRun.writeImages(data);
  }

  @AfterEach
  void killProcesses() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(
        List.of("-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add("train");
    command.add("--no-relaunch");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OMP_NUM_THREADS", "1"); // nothing waits for a core that is busy
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private List<String> startArguments(Path run) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--recipe", "quick", "--data", data.toString()));
    arguments.addAll(List.of("--out", run.toString(), "--checkpoint-minutes", "0"));
    for (Map.Entry<String, String> setting : SmallRun.SETTINGS.entrySet()) {
      arguments.addAll(List.of("--set", setting.getKey() + "=" + setting.getValue()));
    }
    return arguments;
  }

  private List<String> nextArguments(Path run) {
    return Files.exists(run)
        ? List.of("--resume", run.toString(), "--checkpoint-minutes", "0")
        : startArguments(run);
  }

  private static String output(Process process) {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return reader.lines().collect(Collectors.joining("\n"));
  }

  private void finish(Path run) throws Exception {
    Process process = start(nextArguments(run));
    String output = output(process);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static void assertSameBundle(Path run, Path expected) throws IOException {
    Map<String, byte[]> found = SmallRun.bundle(run);
    Map<String, byte[]> wanted = SmallRun.bundle(expected);
    assertThat(found.keySet()).isEqualTo(wanted.keySet());
    wanted.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
    assertThat(TensorBoardRunTest.scalarsWithoutSpeed(TensorBoardRunTest.events(run)))
        .as("what TensorBoard shows")
        .containsExactlyInAnyOrderElementsOf(
            TensorBoardRunTest.scalarsWithoutSpeed(TensorBoardRunTest.events(expected)));
  }

  @Test
  void killedRunGivesSameBundle() throws Exception {
    Path expected = temporary.resolve("expected");
    long began = System.nanoTime();
    finish(expected);
    long whole = System.nanoTime() - began;
    Random random = new Random(SEED);
    int killed = 0;
    for (int number = 1; killed < KILLS; number++) {
      Path run = temporary.resolve("run-" + number);
      for (int i = 0; i < KILLS_PER_RUN && killed < KILLS; i++, killed++) {
        Process process = start(nextArguments(run));
        process.waitFor((long) (random.nextDouble() * whole), TimeUnit.NANOSECONDS);
        process.destroyForcibly().waitFor();
      }
      finish(run);
      assertSameBundle(run, expected);
      assertThat(run.toFile().list()).noneMatch(name -> name.contains("unfinished"));
    }
    assertThat(killed).isEqualTo(KILLS);
  }

  /** SIGTERM goes the way of Ctrl-C. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
  void sigtermSavesAndPrintsResumeCommand() throws Exception {
    Path run = temporary.resolve("run");
    List<String> arguments = new ArrayList<>(startArguments(run));
    arguments.addAll(List.of("--set", "epochs=10000", "--set", "schedule=constant"));
    arguments.set(arguments.indexOf("--checkpoint-minutes") + 1, "60");
    Process process = start(arguments);
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = reader.readLine();
    while (line != null && !line.startsWith("Epoch  2")) {
      line = reader.readLine();
    }
    assertThat(line).isNotNull();
    process.toHandle().destroy(); // the process itself would close its output
    String rest = reader.lines().collect(Collectors.joining("\n"));
    assertThat(process.waitFor()).isEqualTo(128 + 15);
    assertThat(rest)
        .contains("Stopped and saved. Resume with:")
        .contains("train --resume " + run)
        .doesNotContain("Failed");

    Process resumed = start(nextArguments(run));
    BufferedReader more =
        new BufferedReader(new InputStreamReader(resumed.getInputStream(), StandardCharsets.UTF_8));
    assertThat(more.lines().filter(l -> l.startsWith("Resuming at ")).findFirst()).isPresent();
    resumed.destroyForcibly().waitFor();
  }
}
