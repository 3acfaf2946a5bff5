package dev.cxr.common.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CacheFolderTest {

  /** Prints the folder of the kind that it is given. */
  static final class Printer {

    private Printer() {}

    public static void main(String... arguments) {
      System.out.println("folder=" + CacheFolder.resolve(arguments[0]));
    }
  }

  static final class Maker {
    public static void main(String... arguments) throws IOException {
      Path made = CacheFolder.create(arguments[0]);
      System.out.println(
          "mode=" + PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }
  }

  @TempDir private Path home;

  @Test
  void readsTheRootFromTheEnvironment() throws Exception {
    assertThat(folder(Map.of("CXR_CACHE_DIR", home.resolve("c").toString())))
        .isEqualTo(home.resolve("c/pixels"));
  }

  @Test
  void defaultsToTheHomeFolder() throws Exception {
    assertThat(folder(Map.of())).isEqualTo(home.resolve(".cache/cxr/pixels"));
  }

  @Test
  void ignoresABlankVariable() throws Exception {
    assertThat(folder(Map.of("CXR_CACHE_DIR", " "))).isEqualTo(home.resolve(".cache/cxr/pixels"));
  }

  @Test
  void withoutAHomeIsInTheTemporaryDirectory() throws Exception {
    List<String> options = List.of("-Duser.home=?", "-Djava.io.tmpdir=" + home);
    try (ChildJvm child = ChildJvm.start(Map.of(), options, Printer.class, "pixels")) {
      assertThat(Path.of(child.lineAfter("folder=")))
          .isEqualTo(home.resolve("cxr-" + PrivateFolder.userId() + "/pixels"));
    }
  }

  @Test
  void createsFoldersReadableByTheOwnerOnly() throws Exception {
    List<String> options = List.of("-Duser.home=" + home);
    try (ChildJvm child = ChildJvm.start(Map.of(), options, Maker.class, "pixels")) {
      assertThat(child.lineAfter("mode=")).isEqualTo("rwx------");
    }
  }

  private Path folder(Map<String, String> environment) throws Exception {
    List<String> options = List.of("-Duser.home=" + home);
    try (ChildJvm child = ChildJvm.start(environment, options, Printer.class, "pixels")) {
      return Path.of(child.lineAfter("folder="));
    }
  }
}
