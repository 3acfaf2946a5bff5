package dev.cxr.train.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  @TempDir private Path folder;

  private String read(Path file) throws IOException {
    return Checkpoint.read(file, 1000, in -> in.readUTF());
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    Path file = folder.resolve("a.ckpt");
    Checkpoint.write(file, out -> out.writeUTF("first"));
    Checkpoint.write(file, out -> out.writeUTF("second"));
    assertThat(read(file)).isEqualTo("second");
    assertThat(folder.toFile().list()).containsExactly("a.ckpt");
  }

  @Test
  void aWriteThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("a.ckpt");
    Checkpoint.write(file, out -> out.writeUTF("old"));
    assertThatThrownBy(
            () ->
                Checkpoint.write(
                    file,
                    out -> {
                      out.writeUTF("new");
                      throw new IOException("cable pulled");
                    }))
        .hasMessage("cable pulled");
    assertThat(read(file)).isEqualTo("old");
    assertThat(folder.toFile().list()).containsExactly("a.ckpt");
  }

  @Test
  void aFullDiskLeavesTheOldFile() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "only Linux has a disk that is always full");
    Path file = folder.resolve("a.ckpt");
    Checkpoint.write(file, out -> out.writeUTF("old"));
    Files.createSymbolicLink(folder.resolve(".a.ckpt.unfinished"), full);
    assertThatThrownBy(() -> Checkpoint.write(file, out -> out.writeUTF("new")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    assertThat(read(file)).isEqualTo("old");
  }

  @Test
  void aFolderThatCannotBeWrittenIsToldAsThat() {
    assertThatThrownBy(() -> Checkpoint.write(Path.of("/proc/a.ckpt"), out -> out.writeUTF("new")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void somethingElseIsRefused() throws IOException {
    Path file = folder.resolve("a.ckpt");
    Files.writeString(file, "twenty or more bytes of something else");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("something else in " + file);
  }
}
