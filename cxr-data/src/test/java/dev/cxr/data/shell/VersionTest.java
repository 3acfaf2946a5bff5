package dev.cxr.data.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

  @Test
  void theBuildFillsInTheNumber() {
    assertThat(Version.number()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  @Test
  void theBuildFillsInTheCommit() {
    assertThat(Version.commit()).matches("[0-9a-f]{12}|unknown");
  }
}
