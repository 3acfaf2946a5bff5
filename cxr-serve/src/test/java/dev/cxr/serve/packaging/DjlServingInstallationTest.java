package dev.cxr.serve.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DjlServingInstallationTest {

  @TempDir private Path folder;

  @Test
  void reportsMissingInstallation() {
    assertThatThrownBy(() -> DjlServingInstallation.find(Map.of("PATH", folder.toString())))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("DJL_SERVING_HOME");
    assertThatThrownBy(
            () -> DjlServingInstallation.find(Map.of("DJL_SERVING_HOME", folder.toString())))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void findsExecutableOnPath() throws Exception {
    Path program = Files.createFile(folder.resolve("djl-serving"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(DjlServingInstallation.find(Map.of("PATH", "/nowhere:" + folder))).isNotNull();
  }
}
