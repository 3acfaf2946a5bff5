package dev.cxr.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.models.Main;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.BuiltInArchitecture;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CommandsTest {

  /** What a run left. */
  private record Result(int exitCode, String out, String err) {}

  @Test
  void listPrintsEveryArchitecture() {
    Result result = run("list");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines()).hasSize(Architectures.all().size() + 1);
    for (BuiltInArchitecture architecture : BuiltInArchitecture.values()) {
      assertThat(result.out().lines())
          .filteredOn(line -> line.startsWith(architecture.id() + " "))
          .singleElement()
          .asString()
          .contains(String.format(Locale.ROOT, "%,d", architecture.parameterCount()))
          .endsWith("  " + architecture.summary());
    }
    assertThat(run().out()).as("the default command").isEqualTo(result.out());
  }

  @Test
  void summaryPrintsParameterCounts() {
    Result result = run("summary", "--no-relaunch");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines().skip(1))
        .anyMatch(line -> line.contains("(N, 256, 14, 14)"))
        .anyMatch(line -> line.matches("trainable +6,811,841"))
        .anyMatch(line -> line.matches("total +6,813,057 +1,429,012,736"))
        .endsWith("feature map  dropout4", "embedding    dropout");
  }

  @Test
  void summaryDoesNotDependOnLocale() {
    String[] arguments = {"summary", "--no-relaunch", "--side", "32"};
    String expected = run(arguments).out();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(run(arguments).out()).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void summaryAcceptsArchitectureAndSide() {
    Result result = run("summary", "--no-relaunch", "--architecture", "resnet18", "--side", "64");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("(N, 1, 64, 64)").containsPattern("trainable +886,817");
  }

  @Test
  void summaryDefaultsToTheArchitecturesSide() {
    Result result = run("summary", "--no-relaunch", "--architecture", "compact-cnn");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("(N, 1, 150, 150)").containsPattern("trainable +6,794,881");
  }

  @Test
  void summaryOfAutoencoderHasNoEmbedding() {
    Result result =
        run("summary", "--no-relaunch", "--architecture", "autoencoder", "--side", "32");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("feature map  pool4").doesNotContain("embedding");
  }

  @Test
  void rejectsUnknownArchitecture() {
    Result result = run("summary", "--no-relaunch", "--architecture", "vgg");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("cxr: Expected an architecture of binary-cnn, ")
        .contains("resnet18", "; found 'vgg'.");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void rejectsUnsupportedSide() {
    Result result = run("summary", "--no-relaunch", "--side", "7");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("Expected a --side", "found 7", "between 16 and 2048")
        .doesNotContain("\tat ");
  }

  private static Result run(String... arguments) {
    CapturedOutput<Integer> run = CapturedOutput.during(() -> new Main().run(arguments));
    return new Result(run.value(), run.out(), run.err());
  }
}
