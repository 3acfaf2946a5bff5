package dev.cxr.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
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
  private static final String SUM = Sha256.hex(CONTENT);

  @TempDir private Path folder;
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private WeightsSource source;

  @BeforeEach
  void serve() throws IOException {
    source = new WeightsSource(folder.resolve("cache"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    byte[] body = CONTENT.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void anAddressIsFetchedOnceIntoTheCache() throws IOException {
    Path file = source.locate(address("/timm/resnet50/model.safetensors"), Optional.of(SUM));
    assertThat(file)
        .hasContent(CONTENT)
        .startsWith(folder.resolve("cache").resolve(SUM.substring(0, 16)))
        .hasFileName("model.safetensors");
    assertThat(source.locate(address("/timm/resnet50/model.safetensors"), upperCase(SUM)))
        .isEqualTo(file);
    assertThat(asked).containsExactly("/timm/resnet50/model.safetensors");
  }

  @Test
  void filesOfOneNameDoNotMeet() throws IOException {
    Path first = source.locate(address("/a/model.safetensors"), Optional.of(SUM));
    assertThatThrownBy(
            () -> source.locate(address("/b/model.safetensors"), Optional.of("0".repeat(64))))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("SHA-256 " + SUM);
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
  void aFetchedFileNeverLeavesItsFolder(String path, String name) throws IOException {
    Path file = source.locate(address(path), Optional.of(SUM));
    assertThat(file).isEqualTo(folder.resolve("cache").resolve(SUM.substring(0, 16)).resolve(name));
  }

  @Test
  void aDamagedFileInTheCacheIsRefused() throws IOException {
    Path file = source.locate(address("/model.safetensors"), Optional.of(SUM));
    Files.writeString(file, "damaged");
    assertThatThrownBy(() -> source.locate(address("/model.safetensors"), Optional.of(SUM)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("Remove it");
  }

  @Test
  void anAddressWithoutAChecksumIsRefusedUnasked() {
    assertUsage(() -> source.locate(address("/model.safetensors"), Optional.empty()), "none for");
    assertThat(asked).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "sha256:0000"})
  void aChecksumThatIsNoneIsRefused(String sum) {
    assertUsage(
        () -> source.locate(address("/model.safetensors"), Optional.of(sum)), "'" + sum + "'");
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://", "http:model", "https://user@host/a", "https://a b/c"})
  void anAddressThatIsNoneIsRefused(String address) {
    assertUsage(() -> source.locate(address, Optional.of(SUM)), "");
  }

  @Test
  void aFileIsTakenWhereItLies() throws IOException {
    Path file = Files.writeString(folder.resolve("own.safetensors"), CONTENT);
    assertThat(source.locate(file.toString(), Optional.empty())).isEqualTo(file);
    assertThat(source.locate(file.toString(), upperCase(SUM))).isEqualTo(file);
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void aFileWithAnotherChecksumIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("own.safetensors"), "other");
    assertThatThrownBy(() -> source.locate(file.toString(), Optional.of(SUM)))
        .isInstanceOfSatisfying(
            UserErrorException.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(1))
        .hasMessageContaining(SUM)
        .hasMessageContaining(Sha256.hex("other"));
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertUsage(
        () -> source.locate(folder.resolve("none").toString(), Optional.empty()), "nothing at");
    assertUsage(() -> source.locate(folder.toString(), Optional.empty()), "something else at");
  }

  private static void assertUsage(ThrowingCallable call, String found) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UserErrorException.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(2))
        .hasMessageContaining(found);
  }

  private static Optional<String> upperCase(String sum) {
    return Optional.of(sum.toUpperCase(Locale.ROOT));
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }
}
