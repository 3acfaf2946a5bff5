package dev.cxr.train.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {

  @TempDir private Path folder;

  private String read(Path file) throws IOException {
    return CheckpointFile.read(file, 1000, in -> in.readUTF());
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    Path file = folder.resolve("a.ckpt");
    CheckpointFile.write(file, out -> out.writeUTF("first"));
    CheckpointFile.write(file, out -> out.writeUTF("second"));
    assertThat(read(file)).isEqualTo("second");
    assertThat(folder.toFile().list()).containsExactly("a.ckpt");
  }

  @Test
  void failedWriteKeepsOldFile() throws IOException {
    Path file = folder.resolve("a.ckpt");
    CheckpointFile.write(file, out -> out.writeUTF("old"));
    assertThatThrownBy(
            () ->
                CheckpointFile.write(
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
  void fullDiskKeepsOldFile() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "only Linux has a disk that is always full");
    Path file = folder.resolve("a.ckpt");
    CheckpointFile.write(file, out -> out.writeUTF("old"));
    Files.createSymbolicLink(folder.resolve(".a.ckpt.unfinished"), full);
    assertThatThrownBy(() -> CheckpointFile.write(file, out -> out.writeUTF("new")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    assertThat(read(file)).isEqualTo("old");
  }

  @Test
  void reportsUnwritableFolder() {
    assertThatThrownBy(
            () -> CheckpointFile.write(Path.of("/proc/a.ckpt"), out -> out.writeUTF("new")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void rejectsOtherFiles() throws IOException {
    Path file = folder.resolve("a.ckpt");
    Files.writeString(file, "twenty or more bytes of something else");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("another kind of file, " + file);
  }
}
