package dev.cxr.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.CapturedOutput;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {

  private static final MemoryNeed NEED =
      new MemoryNeed(1000L << 20, "training x", "Choose a smaller batch.");

  @Test
  void saysNothingWhereMemoryIsPlenty() {
    assertThat(warning(1200)).isEmpty();
  }

  @Test
  void warnsCloseToTheLimit() {
    assertThat(warning(1000))
        .isEqualToIgnoringNewLines(
            "Warning: needs about 1000 MiB (training x), close to the limit of 1000 MiB (ulimit -v)."
                + " Choose a smaller batch.");
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> NEED.check(limit(800)))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Expected memory for 1000 MiB (training x); found a limit of 800 MiB (ulimit -v). Raise the"
                + " limit. Choose a smaller batch.");
  }

  private static String warning(int mebibytes) {
    return CapturedOutput.during(
            () -> {
              NEED.check(limit(mebibytes));
              return true;
            })
        .err();
  }

  private static MemoryLimit limit(int mebibytes) {
    return new MemoryLimit((long) mebibytes << 20, "ulimit -v", Path.of(""));
  }
}
