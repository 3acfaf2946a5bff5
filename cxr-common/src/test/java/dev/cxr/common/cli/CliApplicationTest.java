package dev.cxr.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    assertThat(run.out().strip())
        .isEqualTo("cxr %s (%s)".formatted(Version.number(), Version.commit()));
  }

  @Test
  void formatsNumbersIndependentlyOfTheLocale() throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(run(new TestApplication(), "count", "--to", "1234.5").out().strip())
          .isEqualTo("1,234.5");
      assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.GERMANY);
    } finally {
      Locale.setDefault(before);
    }
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
    UserErrorException refusal = UserErrorException.ofUsage("a dog", "a cat", "Fetch a dog.");
    assertThat(run(TestApplication.failing(refusal), "fail").value()).isEqualTo(2);
  }

  @Test
  void unwrapsUserErrorsOfOtherThreads() throws Exception {
    UserErrorException refusal = UserErrorException.ofUsage("a dog", "a cat", "Fetch a dog.");
    CapturedOutput<Integer> run =
        run(TestApplication.failing(new CompletionException(refusal)), "fail");
    assertThat(run.err())
        .isEqualToNormalizingNewlines("cxr: Expected a dog; found a cat. Fetch a dog.\n");
    assertThat(run.value()).isEqualTo(2);
  }

  @Test
  void printsTheStackTraceWithDebug() throws Exception {
    UserErrorException refusal = UserErrorException.of("a dog", "a cat", "Fetch a dog.");
    CapturedOutput<Integer> run = run(TestApplication.failing(refusal), "fail", "--debug");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).startsWith("cxr: Expected a dog").contains(STACK_TRACE, "ShellTest");
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
    assertThat(run.err()).startsWith("cxr: Expected memory").contains("-Xmx").hasLineCount(1);
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
        .contains("Expected room on the disk", "full", "Free some space");
  }

  @Test
  void reportsAFullDiskInsteadOfAnImageWriterError() throws Exception {
    var full = new IOException("No space left on device");
    assertThat(
            run(
                    TestApplication.failing(new IOException("I/O error writing PNG file!", full)),
                    "fail")
                .err())
        .contains("room on the disk")
        .doesNotContain("PNG");
  }

  @Test
  void namesTheFileOnAFullDisk() throws Exception {
    var full = new FileSystemException("runs/x", null, "No space left on device");
    assertThat(run(TestApplication.failing(full), "fail").err())
        .contains("runs/x", "room on the disk")
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
