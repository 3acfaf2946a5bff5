package dev.cxr.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsSourceTest {

  private static final String CONTENT = "weights ".repeat(1000);
  private static final String SHA256 = Sha256.hex(CONTENT);

  @TempDir private Path folder;
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void respond(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestURI().toString());
    byte[] body = CONTENT.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void downloadsOnceIntoTheCache() throws IOException {
    Path file = locate(url("/timm/resnet50/model.safetensors"), Optional.of(SHA256));
    assertThat(file)
        .hasContent(CONTENT)
        .startsWith(folder.resolve("cache").resolve(SHA256.substring(0, 16)))
        .hasFileName("model.safetensors");
    assertThat(locate(url("/timm/resnet50/model.safetensors"), upperCase(SHA256))).isEqualTo(file);
    assertThat(requests).containsExactly("/timm/resnet50/model.safetensors");
  }

  @Test
  void filesOfTheSameNameDoNotCollide() throws IOException {
    Path first = locate(url("/a/model.safetensors"), Optional.of(SHA256));
    assertThatThrownBy(() -> locate(url("/b/model.safetensors"), Optional.of("0".repeat(64))))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("SHA-256 " + SHA256);
    assertThat(first).hasContent(CONTENT);
  }

  @ParameterizedTest
  @CsvSource({
    "/model.safetensors?download=true, model.safetensors",
    "/, weights.safetensors",
    "/.., weights.safetensors",
    "/.hidden, weights.safetensors",
    "/a%2F..%2F..%2Fb.bin, b.bin",
    "/a%5Cb, weights.safetensors"
  })
  void downloadedFileStaysInItsFolder(String path, String name) throws IOException {
    Path file = locate(url(path), Optional.of(SHA256));
    assertThat(file)
        .isEqualTo(folder.resolve("cache").resolve(SHA256.substring(0, 16)).resolve(name));
  }

  @Test
  void rejectsDamagedCachedFile() throws IOException {
    Path file = locate(url("/model.safetensors"), Optional.of(SHA256));
    Files.writeString(file, "damaged");
    assertThatThrownBy(() -> locate(url("/model.safetensors"), Optional.of(SHA256)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("Remove it");
  }

  @Test
  void rejectsUrlWithoutChecksum() {
    assertUsageError(() -> locate(url("/model.safetensors"), Optional.empty()), "none for");
    assertThat(requests).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "sha256:0000"})
  void rejectsInvalidChecksum(String sum) {
    assertUsageError(() -> locate(url("/model.safetensors"), Optional.of(sum)), "'" + sum + "'");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://", "http:model", "https://user@host/a", "https://a b/c"})
  void rejectsInvalidUrl(String address) {
    assertUsageError(() -> locate(address, Optional.of(SHA256)), "");
  }

  @Test
  void usesLocalFileInPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("own.safetensors"), CONTENT);
    assertThat(locate(file.toString(), Optional.empty())).isEqualTo(file);
    assertThat(locate(file.toString(), upperCase(SHA256))).isEqualTo(file);
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void rejectsFileWithOtherChecksum() throws IOException {
    Path file = Files.writeString(folder.resolve("own.safetensors"), "other");
    assertThatThrownBy(() -> locate(file.toString(), Optional.of(SHA256)))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining(SHA256)
        .hasMessageContaining(Sha256.hex("other"));
  }

  @Test
  void rejectsMissingFileAndFolder() {
    assertUsageError(
        () -> locate(folder.resolve("none").toString(), Optional.empty()), "no file at");
    assertUsageError(() -> locate(folder.toString(), Optional.empty()), "a folder at");
  }

  private Path locate(String fileOrUrl, Optional<String> sha256) throws IOException {
    return WeightsSource.locate(folder.resolve("cache"), fileOrUrl, sha256);
  }

  private static void assertUsageError(ThrowingCallable call, String found) {
    assertThatThrownBy(call).isInstanceOf(UsageErrorException.class).hasMessageContaining(found);
  }

  private static Optional<String> upperCase(String sha256) {
    return Optional.of(sha256.toUpperCase(Locale.ROOT));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }
}
