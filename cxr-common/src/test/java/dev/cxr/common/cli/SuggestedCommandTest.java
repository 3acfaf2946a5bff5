package dev.cxr.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.codehaus.plexus.util.cli.CommandLineUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class SuggestedCommandTest {

  @TempDir Path programs;

  @BeforeEach
  void writePrograms() throws IOException {
    for (String name : List.of("cxr", "mvn")) {
      Path program =
          Files.writeString(programs.resolve(name), "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @AfterEach
  void startedByMaven() {
    System.clearProperty(SuggestedCommand.LAUNCHER_PROPERTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "/a/b_c-1.csv",
        "a b$(z);c",
        "two  spaces and a tab\tand\na line",
        "it's",
        "''",
        "say \"x\"",
        "both ' and \"",
        "'\"'\"",
        "`z`",
        "$HOME ${user.home} $${x} $",
        "a;b&c|d>e<f(g)h",
        "*?[a]{b,c}",
        "!history! !!",
        "~/x",
        "#x",
        "back\\slash\\",
        "%PATH%",
        "Müller 肺炎",
        " "
      })
  void linesGiveEveryValueAsItIs(String value) throws Exception {
    SuggestedCommand command =
        SuggestedCommand.of("cxr-eval", "evaluate").option("--bundle", value).option("--data", "d");
    List<String> words = List.of("evaluate", "--bundle", value, "--data", "d");

    assertThat(mavenWords(command)).isEqualTo(words);

    System.setProperty(SuggestedCommand.LAUNCHER_PROPERTY, "cxr");
    assertThat(shellWords(command.line())).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help", "@file", "- x"})
  void valuesThatLookLikeOptionsAreNone(String value) throws Exception {
    SuggestedCommand command = SuggestedCommand.of("cxr-data", "audit");
    assertThat(mavenWords(command.option("--data", value)))
        .containsExactly("audit", "--data=" + value);
    assertThat(mavenWords(command.option("--data", Path.of(value))))
        .containsExactly("audit", "--data", "./" + value);
  }

  @Test
  void quotesOnlyWhatNeedsIt() {
    SuggestedCommand command = SuggestedCommand.of("cxr-eval", "evaluate");
    assertThat(command.option("--data", "a b").line())
        .isEqualTo("mvn -q -pl cxr-eval exec:java -Dexec.args=\"evaluate --data 'a b'\"");
    System.setProperty(SuggestedCommand.LAUNCHER_PROPERTY, "cxr");
    assertThat(command.option("--data", "a/b.csv").line()).isEqualTo("cxr evaluate --data a/b.csv");
    assertThat(command.option("--data", "a b").line()).isEqualTo("cxr evaluate --data 'a b'");
  }

  private List<String> mavenWords(SuggestedCommand command) throws Exception {
    List<String> words = shellWords(command.line());
    assertThat(words.subList(0, 4)).containsExactly("-q", "-pl", command.module(), "exec:java");
    assertThat(words).hasSize(5);
    String property = words.get(4);
    assertThat(property).as("Maven would replace it").doesNotContain("${");
    assertThat(property).as("Maven would remove the last quote").doesNotEndWith("\"");
    assertThat(property).startsWith("-Dexec.args=");
    return List.of(
        CommandLineUtils.translateCommandline(property.substring("-Dexec.args=".length())));
  }

  /** The words that the program receives. */
  private List<String> shellWords(String line) throws Exception {
    Path script = Files.writeString(programs.resolve("script"), line); // in UTF-8 in any locale
    ProcessBuilder builder = new ProcessBuilder("sh", script.toString());
    builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return List.of(output.split("\0"));
  }
}
