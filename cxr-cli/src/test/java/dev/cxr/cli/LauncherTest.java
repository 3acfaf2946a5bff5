package dev.cxr.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.runtime.AllocatorSettings;
import dev.cxr.common.runtime.JvmRelauncher;
import dev.cxr.common.runtime.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs {@code bin/cxr} with a Java that prints its environment and arguments. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final String JAVA =
      """
      #!/bin/sh
      env | grep -E '^(MALLOC_|GLIBC_TUNABLES)'
      for argument; do echo "argument $argument"; done
      exit 7
      """;

  @TempDir private Path folder;
  private Path home;
  private Path launcher;

  /** What the launcher gave to Java. */
  private record Start(
      int exitCode, Map<String, String> environment, List<String> arguments, String err) {}

  @BeforeEach
  void install() throws IOException {
    home = folder.resolve("with a space");
    launcher = home.resolve("bin/cxr");
    Files.createDirectories(launcher.getParent());
    Files.copy(Path.of("src/main/launcher/cxr"), launcher);
    executable(launcher);
    java(home.resolve("runtime"), JAVA);
  }

  static Stream<Arguments> engineCommands() {
    Stream<Arguments> commands =
        MainTest.modules()
            .flatMap(Main::commands)
            .filter(EngineCommand.class::isAssignableFrom)
            .map(type -> arguments(List.of(name(type)), workload(type)));
    return Stream.concat(
        commands, Stream.of(arguments(List.of("evaluate", "--quick"), Workload.INFERENCE_ONLY)));
  }

  @ParameterizedTest
  @MethodSource("engineCommands")
  void givesEachCommandTheSettingsOfItsWorkload(List<String> command, Workload workload)
      throws Exception {
    Start start = start(Map.of(), command);
    assertThat(start.environment()).isEqualTo(AllocatorSettings.forWorkload(workload));
    assertThat(jvmOptions(start)).isEqualTo(JvmRelauncher.options(workload));
  }

  static Stream<String> otherCommands() {
    return MainTest.modules()
        .flatMap(Main::commands)
        .filter(type -> !EngineCommand.class.isAssignableFrom(type))
        .map(LauncherTest::name);
  }

  @ParameterizedTest
  @MethodSource("otherCommands")
  void leavesOtherCommandsWithoutSettings(String command) throws Exception {
    assertThat(start(Map.of(), List.of(command)).environment()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void startsHelpQuickly(String help) throws Exception {
    Start start = start(Map.of(), List.of("train", help));
    assertThat(start.environment()).isEmpty();
    assertThat(jvmOptions(start)).contains("-XX:TieredStopAtLevel=1");
  }

  @Test
  void passesArgumentsAndExitCode() throws Exception {
    List<String> arguments = List.of("predict", "a b", "*", "$HOME", "");
    Start start = start(Map.of(), arguments);
    assertThat(start.arguments()).endsWith("a b", "*", "$HOME", "");
    assertThat(start.exitCode()).isEqualTo(7);
  }

  @Test
  void keepsSettingsAndJvmOptionsOfTheUser() throws Exception {
    Start start =
        start(
            Map.of("MALLOC_ARENA_MAX", "2", "CXR_JAVA_OPTS", "-Xmx3g -Dx=y"), List.of("evaluate"));
    assertThat(start.environment()).containsEntry("MALLOC_ARENA_MAX", "2");
    assertThat(start.arguments()).contains("-Xmx3g", "-Dx=y").doesNotContain("-Xms512m");
  }

  @Test
  void findsItsFolderThroughLinks() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("cxr-link"), launcher);
    launcher = Files.createSymbolicLink(folder.resolve("cxr"), Path.of(link.getFileName() + ""));
    assertThat(start(Map.of(), List.of()).arguments())
        .contains(home.toRealPath() + "/lib/*", "-Dcxr.launcher=" + launcher);
  }

  @Test
  void namesItselfAsItWasTyped() throws Exception {
    assertThat(start(Map.of(), List.of()).arguments())
        .contains("-Dcxr.launcher='" + launcher + "'");
    String path = launcher.getParent() + ":" + System.getenv("PATH");
    launcher = Path.of("cxr");
    assertThat(start(Map.of("PATH", path), List.of()).arguments()).contains("-Dcxr.launcher=cxr");
  }

  @Test
  void withoutRuntimeUsesJavaHomeThenThePath() throws Exception {
    Files.move(home.resolve("runtime"), folder.resolve("jdk"));
    String java = folder.resolve("jdk").toString();
    assertThat(start(Map.of("JAVA_HOME", java), List.of()).exitCode()).isEqualTo(7);
    String path = java + "/bin:" + System.getenv("PATH");
    assertThat(start(Map.of("PATH", path), List.of()).exitCode()).isEqualTo(7);
  }

  @Test
  void saysWhatIsWrongWithJava() throws Exception {
    Files.move(home.resolve("runtime"), folder.resolve("jdk"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"11.0.2\"\n");
    Start old = start(Map.of("JAVA_HOME", folder.resolve("jdk").toString()), List.of());
    assertThat(old.exitCode()).isEqualTo(1);
    assertThat(old.err()).startsWith("cxr: expected Java 17 or newer, found Java 11.0.2 in ");
    Start absent = start(Map.of("JAVA_HOME", folder.resolve("none").toString()), List.of());
    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.err()).startsWith("cxr: expected Java in JAVA_HOME, found no ");
  }

  @Test
  void setsAUtf8LocaleInPlaceOfC() throws Exception {
    java(home.resolve("runtime"), "#!/bin/sh\necho locale=$LC_ALL\n");
    assertThat(start(Map.of("LC_ALL", "C"), List.of()).environment())
        .containsEntry("locale", "C.UTF-8");
    assertThat(start(Map.of("LC_ALL", "C.UTF-8"), List.of()).environment())
        .containsEntry("locale", "C.UTF-8");
  }

  @Test
  void explainsThatJavaWasKilled() throws Exception {
    java(
        home.resolve("runtime"),
        """
        #!/bin/sh
        for argument; do case $argument in -Dcxr.supervisor=*) folder=${argument#*=} ;; esac; done
        echo folder=$folder
        echo "It needs much." >"$folder/memory"
        kill -9 $$
        """);
    Start start = start(Map.of(), List.of("train"));
    assertThat(start.exitCode()).isEqualTo(137);
    assertThat(start.err())
        .contains("cxr: This command was killed (signal 9), most likely by the system because")
        .endsWith(" It needs much.\n");
    assertThat(Path.of(start.environment().get("folder"))).doesNotExist();
  }

  @Test
  void forwardsSigtermAndReturnsItsExitCode() throws Exception {
    java(
        home.resolve("runtime"),
        """
        #!/bin/sh
        trap 'echo terminated; exit 143' TERM
        kill -TERM $PPID
        while :; do sleep 0.1; done
        """);
    Process process = new ProcessBuilder(launcher.toString(), "serve").start();
    assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("terminated");
    assertThat(process.waitFor()).isEqualTo(143);
  }

  @Test
  void standardInputEndsWhenTheLauncherIsKilled() throws Exception {
    java(home.resolve("runtime"), "#!/bin/sh\nkill -9 $PPID\nread -r line || echo end of input\n");
    Process process = new ProcessBuilder(launcher.toString(), "serve").start();
    assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("end of input");
    assertThat(process.waitFor()).isEqualTo(137);
  }

  @Test
  void saysThatDescriptorsAreScarce() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "ulimit -n 64; exec \"$0\" serve", launcher.toString())
            .start();
    assertThat(process.errorReader(UTF_8).readLine())
        .isEqualTo(
            "cxr: expected at least 128 file descriptors, found a limit of 64. Raise it, such as with"
                + " ulimit -n 1024.");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  private Start start(Map<String, String> environment, List<String> arguments) throws Exception {
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of("env", launcher.toString()), arguments.stream()).toList());
    builder.environment().keySet().removeIf(name -> name.matches("MALLOC_.*|.*JAVA.*|GLIBC_.*"));
    builder.environment().putAll(environment);
    Process process = builder.redirectError(err.toFile()).start();
    List<String> out = process.inputReader(UTF_8).lines().toList();
    return new Start(
        process.waitFor(),
        out.stream()
            .filter(line -> !line.startsWith("argument "))
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b, TreeMap::new)),
        out.stream()
            .filter(line -> line.startsWith("argument "))
            .map(line -> line.substring("argument ".length()))
            .toList(),
        Files.readString(err));
  }

  /** Those before the options that every command has. */
  private static List<String> jvmOptions(Start start) {
    return start.arguments().stream().takeWhile(a -> !a.startsWith("--enable")).toList();
  }

  private static void java(Path home, String script) throws IOException {
    Path java = home.resolve("bin/java");
    Files.createDirectories(java.getParent());
    executable(Files.writeString(java, script));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  private static Workload workload(Class<?> command) {
    try {
      return ((EngineCommand) CommandLine.defaultFactory().create(command)).workload();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
