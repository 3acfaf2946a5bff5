package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {

  private static final URI HTTPS = URI.create("https://a.org/x/y.zip?key=1");

  @ParameterizedTest
  @CsvSource({
    "https://b.org/z, https://b.org/z",
    "/z, https://a.org/z",
    "z?key=2, https://a.org/x/z?key=2",
    "//b.org/z, https://b.org/z"
  })
  void resolvesRelativeRedirects(String location, String expected) {
    assertThat(WebAddress.resolveRedirect(HTTPS, Optional.of(location))).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a.org/x/y.zip", "HTTP://b.org/"})
  void rejectsRedirectsFromHttpsToHttp(String location) {
    assertThatThrownBy(() -> WebAddress.resolveRedirect(HTTPS, Optional.of(location)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("unprotected http at");
  }

  @Test
  void followsRedirectsFromHttpToHttps() {
    assertThat(
            WebAddress.resolveRedirect(URI.create("http://a.org/"), Optional.of("https://a.org/")))
        .hasToString("https://a.org/");
  }

  @ParameterizedTest
  @CsvSource({
    "https://me:secret@a.org:8443/x?key=1#f, https://a.org:8443/x",
    "https://me:secret@a_b.org/x, https://…",
    "file:///etc/passwd, file:///etc/passwd",
    "xrays, xrays"
  })
  void redactsSecrets(String address, String shown) {
    assertThat(WebAddress.redacted(URI.create(address))).isEqualTo(shown);
  }
}
