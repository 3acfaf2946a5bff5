package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UsageErrorException;
import java.net.URI;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteFileTest {

  private static final Checksum CHECKSUM = Checksum.md5("0123456789abcdef".repeat(2));

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "ftp://a.org/x", "xrays", "https://me:secret@a.org/x"})
  void rejectsInvalidUrls(String url) {
    assertThatThrownBy(() -> new RemoteFile(URI.create(url), OptionalLong.empty(), CHECKSUM))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("https://…")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "https://me:secret@a.org:8443/x?key=1#f, https://a.org:8443/x",
    "https://me:secret@a_b.org/x, https://…",
    "file:///etc/passwd, file:///etc/passwd",
    "xrays, xrays"
  })
  void redactsSecrets(String url, String redacted) {
    assertThat(RemoteFile.redacted(URI.create(url))).isEqualTo(redacted);
  }
}
