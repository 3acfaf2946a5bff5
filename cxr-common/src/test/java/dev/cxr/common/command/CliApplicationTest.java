package dev.cxr.common.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.cli.Version;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.common.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliApplicationTest {

  private static final String STACK_TRACE = "\tat ";

  @Test
  void suggestsOptionsForAnUnknownOption() throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), "greet", "--names");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("cxr: Unknown option: '--names'")
        .contains("Possible solutions: --name")
        .contains("Run with --help")
        .doesNotContain(STACK_TRACE);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void suggestsCommandsForAnUnknownCommand() throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), "gret");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).startsWith("cxr: ").contains("'gret'").contains("Did you mean");
    assertThat(run.err()).contains("greet").doesNotContain(STACK_TRACE);
  }

  @Test
  void namesValidValuesForAnInvalidEnumValue() throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), "greet", "--mood", "furious");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains("--mood").contains("furious").contains("GLAD", "SAD");
    assertThat(run.err()).doesNotContain(STACK_TRACE);
  }

  @Test
  void acceptsEnumValuesInLowerCase() throws Exception {
    assertThat(run(new TestApplication(), "greet", "--mood", "sad").out()).contains("I am SAD");
  }

  @Test
  void rejectsAnOptionWithoutItsValue() throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), "greet", "--name");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).startsWith("cxr: ").contains("--name").doesNotContain(STACK_TRACE);
  }

  @Test
  void runsTheDefaultCommandWithoutArguments() throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication());
    assertThat(run.value()).isZero();
    assertThat(run.out()).isEqualToNormalizingNewlines("hello you, I am GLAD\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void passesLeadingOptionsToTheDefaultCommand() throws Exception {
    assertThat(run(new TestApplication(), "--name", "Ada").out()).contains("hello Ada");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void listsAllCommandsInHelp(String option) throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), option);
    assertThat(run.value()).isZero();
    assertThat(run.out()).contains("Usage: greeter", "Commands:", "work", "--debug");
    assertThat(run.out()).doesNotContain("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void printsTheBuildVersion(String option) throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), option);
    assertThat(run.value()).isZero();
    assertThat(run.out().lines())
        .hasSize(3)
        .startsWith("cxr %s (%s)".formatted(Version.number(), Version.commit()))
        .anyMatch(line -> line.matches("DJL \\d+\\.\\d+\\.\\d+, pytorch-native-\\S+ \\S+ for \\S+"))
        .contains("Java %s (%s)".formatted(Runtime.version(), System.getProperty("java.vendor")));
  }

  @Test
  void formatsNumbersIndependentlyOfTheLocale() throws Exception {
    List<String> german = List.of("-Duser.language=de", "-Duser.country=DE");
    try (ChildJvm child =
        ChildJvm.start(Map.of(), german, TestApplication.class, "count", "--to", "1234.5")) {
      assertThat(child.remainingOutput().strip()).isEqualTo("1,234.5");
    }
  }

  @Test
  void leavesTheLocaleOfAnEmbeddingProgramAlone() throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(run(new TestApplication(), "count", "--to", "1234.5").out()).contains("1.234,5");
      assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.GERMANY);
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "salute --name Ada, 'salute' is now 'greet', 'hello Ada'",
    "--who=Ada, '--who' is now '--name', 'hello Ada'",
    "count --until 2, '--until' is now '--to', 2.0",
  })
  void acceptsRenamedCommandsAndOptions(String arguments, String note, String output)
      throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), arguments.split(" ", -1));
    assertThat(run.value()).isZero();
    assertThat(run.err())
        .isEqualToNormalizingNewlines("cxr: " + note + "; the old name still works.\n");
    assertThat(run.out()).contains(output);
  }

  @Test
  void keepsValuesThatLookLikeRenamedCommands() throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), "greet", "--name", "salute");
    assertThat(run.out()).contains("hello salute");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void acceptsARenamedOptionOnItsCommandOnly() throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), "greet", "--until", "2");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains("Unknown option").doesNotContain("is now");
  }

  @Test
  void omitsRenamedNamesFromTheHelp() throws Exception {
    assertThat(run(new TestApplication(), "greet", "--help").out()).doesNotContain("--who");
    assertThat(run(new TestApplication(), "--help").out()).doesNotContain("salute");
  }

  @Test
  void listsOptionsInDeclarationOrder() throws Exception {
    assertThat(run(new TestApplication(), "greet", "--help").out())
        .containsSubsequence("      --name=", "      --mood=");
  }

  @Test
  void doesNotRelaunchForHelp() throws Exception {
    // What a child writes would not be captured here.
    assertThat(run(new TestApplication(), "work", "--help").out()).contains("--exit-code");
  }

  @Test
  void printsUserErrorsWithoutStackTrace() throws Exception {
    CapturedOutput<Integer> run =
        run(
            TestApplication.failing(UserErrorException.of("a dog", "a cat", "Fetch a dog.")),
            "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToNormalizingNewlines("cxr: Expected a dog; found a cat. Fetch a dog.\n");
  }

  @Test
  void exitsWithTwoOnUsageErrors() throws Exception {
    UserErrorException error = UsageErrorException.of("a dog", "a cat", "Fetch a dog.");
    assertThat(run(TestApplication.failing(error), "fail").value()).isEqualTo(2);
  }

  @Test
  void unwrapsUserErrorsOfOtherThreads() throws Exception {
    UserErrorException error = UsageErrorException.of("a dog", "a cat", "Fetch a dog.");
    CapturedOutput<Integer> run =
        run(TestApplication.failing(new CompletionException(error)), "fail");
    assertThat(run.err())
        .isEqualToNormalizingNewlines("cxr: Expected a dog; found a cat. Fetch a dog.\n");
    assertThat(run.value()).isEqualTo(2);
  }

  @Test
  void printsTheStackTraceWithDebug() throws Exception {
    UserErrorException error = UserErrorException.of("a dog", "a cat", "Fetch a dog.");
    CapturedOutput<Integer> run = run(TestApplication.failing(error), "fail", "--debug");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("cxr: Expected a dog")
        .contains(STACK_TRACE, "CliApplicationTest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--nmae", "--mood=furious"})
  void printsTheStackTraceOfUsageErrorsWithDebug(String option) throws Exception {
    CapturedOutput<Integer> run = run(new TestApplication(), "greet", "--debug", option);
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).startsWith("cxr: ").contains(STACK_TRACE);
  }

  @Test
  void reportsUnexpectedFailuresInOneLine() throws Exception {
    CapturedOutput<Integer> run =
        run(TestApplication.failing(new IllegalStateException("odd")), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("IllegalStateException: odd", "--debug");
  }

  @Test
  void reportsOutOfMemory() throws Exception {
    CapturedOutput<Integer> run = run(TestApplication.outOfMemory(), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).startsWith("cxr: Out of memory").contains("-Xmx").hasLineCount(1);
  }

  @Test
  void reportsAFullDiskOfANestedCause() throws Exception {
    IOException full = new IOException("No space left on device");
    Exception deep =
        new IllegalStateException(new RuntimeException(new UncheckedIOException(full)));
    CapturedOutput<Integer> run = run(TestApplication.failing(deep), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("Expected free space on the disk", "full", "Free some space");
  }

  @Test
  void reportsAFullDiskInsteadOfAnImageWriterError() throws Exception {
    var full = new IOException("No space left on device");
    assertThat(
            run(
                    TestApplication.failing(new IOException("I/O error writing PNG file!", full)),
                    "fail")
                .err())
        .contains("free space on the disk")
        .doesNotContain("PNG");
  }

  @Test
  void namesTheFileOnAFullDisk() throws Exception {
    var full = new FileSystemException("runs/x", null, "No space left on device");
    assertThat(run(TestApplication.failing(full), "fail").err())
        .contains("runs/x", "free space on the disk")
        .doesNotContain(STACK_TRACE);
  }

  @Test
  void reportsMissingPermissions() throws Exception {
    CapturedOutput<Integer> run =
        run(TestApplication.failing(new AccessDeniedException("/root/x")), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("/root/x", "permissions")
        .doesNotContain("Exception");
  }

  @Test
  void reportsAReadOnlyFileSystem() throws Exception {
    var failure = new FileSystemException("/cdrom/x", null, "Read-only file system");
    assertThat(run(TestApplication.failing(failure), "fail").err())
        .contains("/cdrom/x", "permissions");
  }

  @Test
  void reportsAMissingFile() throws Exception {
    CapturedOutput<Integer> run =
        run(TestApplication.failing(new NoSuchFileException("model.pt")), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("model.pt", "Check the path")
        .doesNotContain("Exception");
  }

  private static CapturedOutput<Integer> run(CliApplication application, String... arguments)
      throws Exception {
    return CapturedOutput.during(() -> application.run(arguments));
  }
}
