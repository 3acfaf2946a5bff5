package dev.cxr.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

  @Test
  void readsTheVersionNumberOfTheBuild() {
    assertThat(Version.number()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  @Test
  void readsTheCommitOfTheBuild() {
    assertThat(Version.commit()).matches("[0-9a-f]{12}|unknown");
  }
}
