package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {

  /** RFC 1321, appendix A.5, and FIPS 180-4 of the three bytes "abc". */
  private static final Checksum MD5 = Checksum.md5("900150983cd24fb0d6963f7d28e17f72");

  private static final Checksum SHA_256 =
      Checksum.sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void matchesTheTestVectorsOfTheStandards(boolean md5) throws IOException {
    Checksum expected = md5 ? MD5 : SHA_256;
    Path file = Files.writeString(folder.resolve("abc"), "abc");
    assertThat(expected.computeFor(file)).isEqualTo(expected);
    assertThat(expected.computeFor(Files.writeString(file, "abd"))).isNotEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "900150983cd24fb0d6963f7d28e17f7",
        "900150983cd24fb0d6963f7d28e17f723",
        "900150983CD24FB0D6963F7D28E17F72",
        "900150983cd24fb0d6963f7d28e17f7g"
      })
  void rejectsMalformedDigits(String hex) {
    assertThatThrownBy(() -> Checksum.md5(hex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MD5 has 32 digits")
        .hasMessageContaining("'" + hex + "'");
  }

  @Test
  void printsAlgorithmAndDigits() {
    assertThat(SHA_256).hasToString("SHA-256 " + SHA_256.hex());
  }
}
