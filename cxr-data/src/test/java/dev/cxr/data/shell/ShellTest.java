package dev.cxr.data.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.testing.Captured;
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

class ShellTest {

  private static final String STACK_TRACE = "\tat ";

  @Test
  void anUnknownOptionIsRefusedWithASuggestion() throws Exception {
    Captured<Integer> run = run(new Greeter(), "greet", "--names");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("cxr: Unknown option: '--names'")
        .contains("Possible solutions: --name")
        .contains("Run with --help")
        .doesNotContain(STACK_TRACE);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anUnknownCommandIsRefusedWithASuggestion() throws Exception {
    Captured<Integer> run = run(new Greeter(), "gret");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).startsWith("cxr: ").contains("'gret'").contains("Did you mean");
    assertThat(run.err()).contains("greet").doesNotContain(STACK_TRACE);
  }

  @Test
  void aWrongEnumValueIsRefusedAndTheRightOnesAreNamed() throws Exception {
    Captured<Integer> run = run(new Greeter(), "greet", "--mood", "furious");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains("--mood").contains("furious").contains("GLAD", "SAD");
    assertThat(run.err()).doesNotContain(STACK_TRACE);
  }

  @Test
  void enumValuesMayBeTypedInLowerCase() throws Exception {
    assertThat(run(new Greeter(), "greet", "--mood", "sad").out()).contains("I am SAD");
  }

  @Test
  void anOptionWithoutItsValueIsRefused() throws Exception {
    Captured<Integer> run = run(new Greeter(), "greet", "--name");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).startsWith("cxr: ").contains("--name").doesNotContain(STACK_TRACE);
  }

  @Test
  void withoutArgumentsTheDefaultCommandRuns() throws Exception {
    Captured<Integer> run = run(new Greeter());
    assertThat(run.value()).isZero();
    assertThat(run.out()).isEqualToNormalizingNewlines("hello you, I am GLAD\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aLeadingOptionIsTheDefaultCommands() throws Exception {
    assertThat(run(new Greeter(), "--name", "Ada").out()).contains("hello Ada");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void helpIsAboutAllCommands(String option) throws Exception {
    Captured<Integer> run = run(new Greeter(), option);
    assertThat(run.value()).isZero();
    assertThat(run.out()).contains("Usage: greeter", "Commands:", "work", "--debug");
    assertThat(run.out()).doesNotContain("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void theVersionIsThatOfTheBuild(String option) throws Exception {
    Captured<Integer> run = run(new Greeter(), option);
    assertThat(run.value()).isZero();
    assertThat(run.out().strip())
        .isEqualTo("cxr %s (%s)".formatted(Version.number(), Version.commit()));
  }

  @Test
  void numbersAreWrittenAlikeInEveryCountry() throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(run(new Greeter(), "count", "--to", "1234.5").out().strip()).isEqualTo("1,234.5");
      assertThat(Locale.getDefault(Locale.Category.FORMAT)).isEqualTo(Locale.GERMANY);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void helpListsOptionsInTheOrderOfTheCommand() throws Exception {
    assertThat(run(new Greeter(), "greet", "--help").out())
        .containsSubsequence("      --name=", "      --mood=");
  }

  @Test
  void helpOnAnEngineCommandStartsNoOtherProcess() throws Exception {
    // What a child writes would not be captured here.
    assertThat(run(new Greeter(), "work", "--help").out()).contains("--exit-code");
  }

  @Test
  void aRefusalIsItsMessageAloneAndExitCodeOne() throws Exception {
    Captured<Integer> run =
        run(Greeter.failing(Refusal.of("a dog", "a cat", "Fetch a dog.")), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToNormalizingNewlines("cxr: Expected a dog; found a cat. Fetch a dog.\n");
  }

  @Test
  void aRefusalOfUsageIsExitCodeTwo() throws Exception {
    Refusal refusal = Refusal.ofUsage("a dog", "a cat", "Fetch a dog.");
    assertThat(run(Greeter.failing(refusal), "fail").value()).isEqualTo(2);
  }

  @Test
  void aRefusalFromAnotherThreadIsNoLessARefusal() throws Exception {
    Refusal refusal = Refusal.ofUsage("a dog", "a cat", "Fetch a dog.");
    Captured<Integer> run = run(Greeter.failing(new CompletionException(refusal)), "fail");
    assertThat(run.err())
        .isEqualToNormalizingNewlines("cxr: Expected a dog; found a cat. Fetch a dog.\n");
    assertThat(run.value()).isEqualTo(2);
  }

  @Test
  void debugAddsTheStackTraceOfARefusal() throws Exception {
    Refusal refusal = Refusal.of("a dog", "a cat", "Fetch a dog.");
    Captured<Integer> run = run(Greeter.failing(refusal), "fail", "--debug");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).startsWith("cxr: Expected a dog").contains(STACK_TRACE, "ShellTest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--nmae", "--mood=furious"})
  void debugAddsTheStackTraceOfAWrongOption(String option) throws Exception {
    Captured<Integer> run = run(new Greeter(), "greet", "--debug", option);
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).startsWith("cxr: ").contains(STACK_TRACE);
  }

  @Test
  void anUnexpectedFailureIsOneLineThatLeadsToDebug() throws Exception {
    Captured<Integer> run = run(Greeter.failing(new IllegalStateException("odd")), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("IllegalStateException: odd", "--debug");
  }

  @Test
  void tooLittleMemoryIsToldInWords() throws Exception {
    Captured<Integer> run = run(Greeter.outOfMemory(), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).startsWith("cxr: Expected memory").contains("-Xmx").hasLineCount(1);
  }

  @Test
  void aFullDiskIsToldHoweverDeepItLies() throws Exception {
    IOException full = new IOException("No space left on device");
    Exception deep =
        new IllegalStateException(new RuntimeException(new UncheckedIOException(full)));
    Captured<Integer> run = run(Greeter.failing(deep), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("Expected room on the disk", "full", "Free some space");
  }

  @Test
  void aFullDiskIsToldBehindThatAPictureCouldNotBeWritten() throws Exception {
    var full = new IOException("No space left on device");
    assertThat(
            run(Greeter.failing(new IOException("I/O error writing PNG file!", full)), "fail")
                .err())
        .contains("room on the disk")
        .doesNotContain("PNG");
  }

  @Test
  void aFullDiskIsToldWithTheFileThatDidNotFit() throws Exception {
    var full = new FileSystemException("runs/x", null, "No space left on device");
    assertThat(run(Greeter.failing(full), "fail").err())
        .contains("runs/x", "room on the disk")
        .doesNotContain(STACK_TRACE);
  }

  @Test
  void aForbiddenFileIsToldInWords() throws Exception {
    Captured<Integer> run = run(Greeter.failing(new AccessDeniedException("/root/x")), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("/root/x", "permissions")
        .doesNotContain("Exception");
  }

  @Test
  void aReadOnlyDiskIsToldInWords() throws Exception {
    var failure = new FileSystemException("/cdrom/x", null, "Read-only file system");
    assertThat(run(Greeter.failing(failure), "fail").err()).contains("/cdrom/x", "permissions");
  }

  @Test
  void aMissingFileIsToldInWords() throws Exception {
    Captured<Integer> run = run(Greeter.failing(new NoSuchFileException("model.pt")), "fail");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .contains("model.pt", "Check the path")
        .doesNotContain("Exception");
  }

  private static Captured<Integer> run(Shell shell, String... arguments) throws Exception {
    return Captured.during(() -> shell.run(arguments));
  }
}
