package dev.cxr.common.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PrivateFolderTest {

  private static final int OTHER_USER = 12345;

  @TempDir private Path folder;

  @Test
  void createsFoldersForTheOwnerOnly() throws Exception {
    Path made = PrivateFolder.create(folder.resolve("a/b"), "Choose another.");
    assertThat(made).isEqualTo(folder.toRealPath().resolve("a/b"));
    assertThat(mode(made)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
    assertThat(PrivateFolder.create(made, "Choose another.")).isEqualTo(made);
  }

  @Test
  void acceptsWhatOthersCanRead() throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    setMode(shared, "rwxr-xr-x");
    assertThat(PrivateFolder.problem(shared)).isEmpty();
  }

  @Test
  void rejectsWhatOthersCanWrite() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    setMode(open, "rwxrwxr-x");
    assertThatThrownBy(() -> PrivateFolder.require(open, "Choose another."))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("others can write (mode 775; 'chmod go-w'")
        .hasMessageEndingWith("Choose another.");
    setMode(open, "rwxrwxrwx");
    assertThat(PrivateFolder.problem(open.resolve("inside/it"))).isPresent();
  }

  @Test
  void acceptsAFolderInAStickyOne() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Files.setAttribute(temporary, "unix:mode", 01777);
    Path own = PrivateFolder.create(temporary.resolve("own"), "Choose another.");
    assertThat(PrivateFolder.problem(own)).isEmpty();
    assertThat(PrivateFolder.problem(temporary)).isPresent();
  }

  @Test
  void followsLinksToWhatOthersCanWrite() throws Exception {
    Path open = Files.createDirectories(folder.resolve("open/inside"));
    setMode(folder.resolve("open"), "rwxrwxrwx");
    Path link = Files.createSymbolicLink(folder.resolve("link"), open);
    assertThat(PrivateFolder.problem(link)).isPresent();
  }

  @Test
  void rejectsAFolderOfAnotherUser() throws Exception {
    assumeThat(PrivateFolder.userId()).as("only root can make one").isZero();
    Path planted = Files.createDirectories(folder.resolve("planted/inside"));
    Files.setAttribute(folder.resolve("planted"), "unix:uid", OTHER_USER);
    assertThat(PrivateFolder.problem(planted).orElseThrow())
        .endsWith("planted of the user with id 12345");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
