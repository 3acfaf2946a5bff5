package dev.cxr.common.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFolderTest {

  @TempDir private Path parent;

  @Test
  void deletesStaleTempFoldersAfterADay() throws IOException {
    Path killed = Files.createDirectories(parent.resolve(".out.unfinished-1/deep"));
    Path active = Files.createDirectories(parent.resolve(".out.unfinished-2/deep"));
    FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofHours(25)));
    for (Path path : List.of(killed, killed.getParent(), active.getParent())) {
      Files.setLastModifiedTime(path, yesterday);
    }
    AtomicFolder.create(parent.resolve("out")).close();
    assertThat(killed.getParent()).doesNotExist();
    assertThat(active).exists();
  }

  @Test
  void createsTheFolderOnCommit() throws IOException {
    Path target = parent.resolve("run");
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      Files.createDirectories(folder.path().resolve("deep/er"));
      Files.writeString(folder.path().resolve("deep/er/a.txt"), "a");
      assertThat(target).doesNotExist();
      folder.commit();
      assertThat(target.resolve("deep/er/a.txt")).hasContent("a");
    }
    assertThat(target.resolve("deep/er/a.txt")).hasContent("a");
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void deletesTheTempFolderWithoutCommit() throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(parent.resolve("run"))) {
      Files.createDirectories(folder.path().resolve("deep"));
      Files.writeString(folder.path().resolve("deep/a.txt"), "a");
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void deletesTheTempFolderAfterAnException() {
    assertThatThrownBy(
            () -> {
              try (AtomicFolder folder = AtomicFolder.create(parent.resolve("run"))) {
                Files.writeString(folder.path().resolve("a.txt"), "a");
                throw new IllegalStateException("on the way");
              }
            })
        .hasMessage("on the way");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void createsMissingParents() throws IOException {
    Path target = parent.resolve("a/b/run");
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      folder.commit();
    }
    assertThat(target).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rejectsAnExistingTarget(boolean isFolder) throws IOException {
    Path target = parent.resolve("run");
    Path old = isFolder ? Files.createDirectory(target).resolve("old.txt") : target;
    Files.writeString(old, "old");
    assertThatThrownBy(() -> AtomicFolder.create(target))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining(target + " exists already")
        .hasMessageContaining("Choose another path");
    assertThat(old).hasContent("old");
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void keepsATargetCreatedMeanwhile() throws IOException {
    Path target = parent.resolve("run");
    assertThatThrownBy(
            () -> {
              try (AtomicFolder folder = AtomicFolder.create(target)) {
                Files.writeString(folder.path().resolve("new.txt"), "new");
                Files.createDirectory(target);
                Files.writeString(target.resolve("other.txt"), "other");
                folder.commit();
              }
            })
        .isInstanceOf(UserErrorException.class);
    assertThat(target).isDirectoryNotContaining("glob:**new.txt");
    assertThat(target.resolve("other.txt")).hasContent("other");
    assertThat(parent.resolve("run-001/new.txt")).hasContent("new");
  }

  @Test
  void ignoresTempFoldersOfKilledProcesses() throws IOException {
    // In a container every run may have the same process id.
    Path target = parent.resolve("run");
    AtomicFolder killed = AtomicFolder.create(target);
    Files.writeString(killed.path().resolve("half.txt"), "half");
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      Files.writeString(folder.path().resolve("whole.txt"), "whole");
      folder.commit();
    } finally {
      killed.close();
    }
    assertThat(target).isDirectoryContaining("glob:**whole.txt");
    assertThat(target).isDirectoryNotContaining("glob:**half.txt");
  }

  @Test
  void numbersFreeNamesFromOne() throws IOException {
    Path base = parent.resolve("binary");
    assertThat(AtomicFolder.nextFree(base)).isEqualTo(parent.resolve("binary-001"));
    Files.createDirectory(parent.resolve("binary-001"));
    Files.createFile(parent.resolve("binary-002"));
    Files.createDirectory(parent.resolve("binary-004"));
    assertThat(AtomicFolder.nextFree(base)).isEqualTo(parent.resolve("binary-003"));
  }

  @Test
  void skipsNamesInUseByOtherProcesses() throws IOException {
    Path base = parent.resolve("binary");
    try (AtomicFolder first = AtomicFolder.create(AtomicFolder.nextFree(base))) {
      assertThat(AtomicFolder.nextFree(base)).isEqualTo(parent.resolve("binary-002"));
      first.commit();
    }
    assertThat(AtomicFolder.nextFree(base)).isEqualTo(parent.resolve("binary-002"));
  }

  @Test
  void commitsUnderTheNextNameIfTheTargetIsTaken() throws IOException {
    Path target = parent.resolve("run");
    try (AtomicFolder first = AtomicFolder.create(target);
        AtomicFolder second = AtomicFolder.create(target)) {
      Files.writeString(first.path().resolve("who.txt"), "first");
      Files.writeString(second.path().resolve("who.txt"), "second");
      first.commit();
      assertThatThrownBy(second::commit)
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("run-001");
    }
    assertThat(target.resolve("who.txt")).hasContent("first");
    assertThat(parent.resolve("run-001/who.txt")).hasContent("second");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "go on"})
  @DisabledOnOs(OS.WINDOWS) // has no SIGTERM
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void deletesTheTempFolderOnSigterm(String mode) throws Exception {
    Path target = parent.resolve("run");
    try (ChildJvm child =
        ChildJvm.start(Map.of(), List.of(), FolderFiller.class, target.toString(), mode)) {
      child.lineAfter("filling");
      assertThat(parent).isNotEmptyDirectory();
      child.process().destroy();
      assertThat(child.process().waitFor()).isEqualTo(143);
    }
    assertThat(parent).isEmptyDirectory();
  }
}
