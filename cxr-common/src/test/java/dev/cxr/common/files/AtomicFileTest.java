package dev.cxr.common.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path folder;

  @Test
  void createsTheFileWhenItIsComplete() throws IOException {
    Path target = folder.resolve("deep/er/a.txt");
    AtomicFile.write(
        target,
        path -> {
          assertThat(path).isEmptyFile();
          assertThat(target).doesNotExist();
          Files.writeString(path, "new");
          assertThat(target).doesNotExist();
        });
    assertThat(target).hasContent("new");
    assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void replacesAnExistingFile() throws IOException {
    Path target = Files.writeString(folder.resolve("a.txt"), "old and long");
    AtomicFile.write(target, path -> Files.writeString(path, "new"));
    assertThat(target).hasContent("new");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void keepsTheExistingFileOnFailure() throws IOException {
    Path target = Files.writeString(folder.resolve("a.txt"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    path -> {
                      Files.writeString(path, "half of the n");
                      throw new IOException("no more");
                    }))
        .hasMessage("no more");
    assertThat(target).hasContent("old");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @Test
  void rejectsAFolderAsTarget() throws IOException {
    Path target = Files.createDirectory(folder.resolve("a.txt"));
    assertRejected(target);
    assertThat(target).isEmptyDirectory();
  }

  /** As {@code --out /dev/stdout} is: a rename as root would take the device away. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void rejectsAPipeAsTarget() throws Exception {
    Path target = folder.resolve("pipe");
    new ProcessBuilder("mkfifo", target.toString()).start().waitFor();
    assertRejected(target);
    assertThat(Files.readAttributes(target, BasicFileAttributes.class).isOther()).isTrue();
  }

  private static void assertRejected(Path target) {
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    path -> {
                      throw new AssertionError("asked for content");
                    }))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(target.toString());
  }

  @Test
  void deletesStaleTempFilesAfterADay() throws IOException {
    Path stale = Files.createFile(folder.resolve(".a.txt.unfinished-1"));
    Path other = Files.createFile(folder.resolve(".b.txt.unfinished-1"));
    Path recent = Files.createFile(folder.resolve(".a.txt.unfinished-2"));
    FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofHours(25)));
    Files.setLastModifiedTime(stale, yesterday);
    Files.setLastModifiedTime(other, yesterday);
    Files.setLastModifiedTime(recent, FileTime.from(Instant.now().minus(Duration.ofHours(23))));
    AtomicFile.write(folder.resolve("a.txt"), path -> Files.writeString(path, "new"));
    assertThat(stale).doesNotExist();
    assertThat(other).exists();
    assertThat(recent).exists();
  }

  @Test
  void usesDefaultPermissions() throws IOException {
    Path target = folder.resolve("a.txt");
    AtomicFile.write(target, path -> Files.writeString(path, "new"));
    Path plain = Files.writeString(folder.resolve("plain.txt"), "new");
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void createsNothingOnFailure() {
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    folder.resolve("a.txt"),
                    path -> {
                      throw new IllegalStateException("no more");
                    }))
        .hasMessage("no more");
    assertThat(folder).isEmptyDirectory();
  }
}
