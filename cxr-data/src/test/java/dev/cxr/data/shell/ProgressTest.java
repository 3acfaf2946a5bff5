package dev.cxr.data.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cxr.data.testing.Captured;
import java.lang.reflect.Field;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @BeforeEach
  @SuppressWarnings("SystemConsoleNull") // on Java 17 null does mean: not a terminal
  void whereNoTerminalIs() {
    assumeThat(System.console()).isNull();
  }

  @Test
  void shortWorkPrintsNothing() throws Exception {
    Captured<Void> run =
        Captured.during(
            () -> {
              try (Progress progress = Progress.start("Decoding", " images", 1000)) {
                for (int i = 0; i < 1000; i++) {
                  progress.step(1, "");
                }
              }
              return null;
            });
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void longWorkPrintsAPlainLineNowAndThen() throws Exception {
    Captured<Void> run =
        Captured.during(
            () -> {
              try (Progress progress = Progress.start("Decoding", " images", 10)) {
                progress.step(1, "");
                letTimePass(progress);
                progress.step(3, "loss 0.5");
                progress.step(1, "loss 0.4");
              }
              return null;
            });
    assertThat(run.out().lines())
        .singleElement()
        .asString()
        .startsWith("Decoding  4/10")
        .endsWith("loss 0.5");
    assertThat(run.out()).doesNotContain("\r", "\u001B");
  }

  /** Moves the last line back by longer than any pause between lines. */
  private static void letTimePass(Progress progress) throws ReflectiveOperationException {
    Field lastLine = Progress.class.getDeclaredField("lastLine");
    lastLine.setAccessible(true);
    lastLine.setLong(progress, lastLine.getLong(progress) - Duration.ofHours(1).toNanos());
  }
}
