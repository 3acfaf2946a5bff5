package dev.cxr.data.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.testing.ChildJvm;
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
      System.out.println("folder=" + CacheFolder.of(arguments[0]));
    }
  }

  static final class Maker {
    public static void main(String... arguments) throws IOException {
      Path made = CacheFolder.make(arguments[0]);
      System.out.println(
          "mode=" + PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }
  }

  @TempDir private Path home;

  @Test
  void theVariableNamesTheRoot() throws Exception {
    assertThat(folder(Map.of("CXR_CACHE_DIR", home.resolve("c").toString())))
        .isEqualTo(home.resolve("c/pixels"));
  }

  @Test
  void withoutItTheRootIsInTheUsersHome() throws Exception {
    assertThat(folder(Map.of())).isEqualTo(home.resolve(".cache/cxr/pixels"));
  }

  @Test
  void aBlankVariableIsNone() throws Exception {
    assertThat(folder(Map.of("CXR_CACHE_DIR", " "))).isEqualTo(home.resolve(".cache/cxr/pixels"));
  }

  @Test
  void aNewFolderIsForItsOwnerAlone() throws Exception {
    List<String> options = List.of("-Duser.home=" + home);
    try (ChildJvm child = ChildJvm.start(Map.of(), options, Maker.class, "pixels")) {
      assertThat(child.after("mode=")).isEqualTo("rwx------");
    }
  }

  private Path folder(Map<String, String> environment) throws Exception {
    List<String> options = List.of("-Duser.home=" + home);
    try (ChildJvm child = ChildJvm.start(environment, options, Printer.class, "pixels")) {
      return Path.of(child.after("folder="));
    }
  }
}
