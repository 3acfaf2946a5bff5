package dev.cxr.common.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileLockTest {

  @TempDir private Path folder;
  private Path target;

  @BeforeEach
  void name() {
    target = folder.resolve("run");
  }

  private ChildJvm otherProcess() throws IOException {
    return ChildJvm.start(Map.of(), List.of(), LockHolder.class, target.toString());
  }

  @Test
  void showsWhetherAnotherProcessHoldsIt() throws Exception {
    assertThat(FileLock.isHeld(target)).isFalse();
    assertThat(folder).as("without a lock file of its own").isEmptyDirectory();
    try (ChildJvm other = otherProcess()) {
      other.lineAfter("lock acquired");
      assertThat(FileLock.isHeld(target)).isTrue();
      assertThatThrownBy(() -> FileLock.acquire(target))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("no other process that writes " + target);
      other.process().destroyForcibly().waitFor();
    }
    assertThat(folder.resolve(".run.lock")).as("left by the killed process").exists();
    assertThat(FileLock.isHeld(target)).isFalse();
    FileLock.acquire(target).close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void keepsTheLockOfThisProcessWhenItIsRequestedAgain() throws Exception {
    FileLock lock = FileLock.acquire(target);
    try (lock) {
      assertThat(FileLock.isHeld(target)).isTrue();
      assertThatThrownBy(() -> FileLock.acquire(target)).isInstanceOf(UserErrorException.class);
      try (ChildJvm other = otherProcess()) {
        assertThat(other.lineAfter("lock ")).startsWith("refused");
      }
    }
    assertThat(FileLock.isHeld(target)).isFalse();
    FileLock.acquire(target).close();
  }
}
