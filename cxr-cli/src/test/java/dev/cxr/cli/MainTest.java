package dev.cxr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.common.command.CliApplication;
import dev.cxr.common.testing.CapturedOutput;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class MainTest {

  @TempDir private Path folder;

  @AfterEach
  void startedByMaven() {
    System.clearProperty(SuggestedCommand.LAUNCHER_PROPERTY);
  }

  static Stream<CliApplication> modules() {
    return Stream.of(
        new dev.cxr.data.Main(),
        new dev.cxr.models.Main(),
        new dev.cxr.eval.Main(),
        new dev.cxr.train.Main(),
        new dev.cxr.serve.Main());
  }

  static Stream<String> commandsOfAllModules() {
    return modules()
        .flatMap(Main::commands)
        .map(command -> command.getAnnotation(Command.class).name());
  }

  @ParameterizedTest
  @MethodSource("commandsOfAllModules")
  void hasTheCommandsOfAllModules(String command) throws Exception {
    assertThat(run("--help").out()).containsPattern("(?m)^  " + command + " ");
    CapturedOutput<Integer> help = run(command, "--help");
    assertThat(help.value()).isZero();
    assertThat(help.out()).contains("Usage: cxr " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", ""})
  void helpBeginsWithExamples(String argument) throws Exception {
    CapturedOutput<Integer> help = argument.isEmpty() ? run() : run(argument);
    assertThat(help.value()).isZero();
    assertThat(help.out())
        .startsWith("Examples:\n  cxr train ")
        .contains("\nTrain:\n", "\nData:\n");
  }

  @Test
  void versionNamesDjlAndNativeLibrary() throws Exception {
    assertThat(run("--version").out())
        .containsPattern("cxr \\d+\\.\\d+")
        .containsPattern("DJL \\d+\\.\\d+\\.\\d+, pytorch-native-\\w+ \\d+\\.\\d+\\.\\d+ for \\w+");
  }

  @Test
  void completionNamesCommandsAndOptions() throws Exception {
    assertThat(run("generate-completion").out()).contains("complete -F", "evaluate", "--recipe");
  }

  @Test
  void unknownCommandIsInvalidUsage() throws Exception {
    CapturedOutput<Integer> run = run("evalute");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains("evalute").contains("evaluate");
  }

  @Test
  void renamedOptionsOfModulesStillWork() throws Exception {
    CapturedOutput<Integer> run = run("audit", "--allow", "--data", folder.toString());
    assertThat(run.err()).contains("'--allow' is now '--allow-errors'");
  }

  @Test
  void suggestsCommandsAsTheUserStartedThisOne() {
    SuggestedCommand command = SuggestedCommand.of("cxr-eval", "evaluate").option("--bundle", "b");
    assertThat(command.line())
        .isEqualTo("mvn -q -pl cxr-eval exec:java -Dexec.args=\"evaluate --bundle b\"");
    System.setProperty(SuggestedCommand.LAUNCHER_PROPERTY, "cxr");
    assertThat(command.line()).isEqualTo("cxr evaluate --bundle b");
  }

  private static CapturedOutput<Integer> run(String... arguments) throws Exception {
    return CapturedOutput.during(() -> new Main().run(arguments));
  }
}
