package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.common.testing.CapturedOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder, and a server with a file of 300,000 bytes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class DownloadTestBase {

  static final int SIZE = 300_000;

  /** Short pauses; but nothing that goes well may fail on a busy machine. */
  static final RetryPolicy SHORT_PAUSES =
      new RetryPolicy(Duration.ofSeconds(20), 3, Duration.ofMillis(1), Duration.ofMillis(1500));

  /** For servers that fall silent. */
  static final RetryPolicy SHORT_TIMEOUT =
      new RetryPolicy(Duration.ofMillis(400), 3, Duration.ofMillis(1), Duration.ofMillis(1500));

  @TempDir Path folder = Path.of("");
  final byte[] content = bytes(1);
  TestFileServer server;
  RetryPolicy retryPolicy = SHORT_PAUSES;

  DownloadTestBase() {
    try {
      server = new TestFileServer(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  CapturedOutput<Boolean> fetch() throws Exception {
    return fetch(file(content));
  }

  CapturedOutput<Boolean> fetch(RemoteFile file) throws Exception {
    Downloader download = new Downloader(retryPolicy, folder -> Long.MAX_VALUE >> 1);
    return CapturedOutput.during(() -> download.fetch(file, target(), 0));
  }

  /** The message, which holds all of {@code parts}. */
  String assertRejected(RemoteFile file, String... parts) {
    StringBuilder message = new StringBuilder();
    assertThatThrownBy(() -> fetch(file))
        .isInstanceOf(UserErrorException.class)
        .satisfies(refusal -> message.append(refusal.getMessage()));
    assertThat(message).contains(parts);
    return message.toString();
  }

  RemoteFile file(byte[] expected) {
    return new RemoteFile(
        server.uri("/a.bin"), OptionalLong.of(expected.length), checksum(expected));
  }

  RemoteFile fileOfUnknownSize() {
    return new RemoteFile(server.uri("/a.bin"), OptionalLong.empty(), checksum(content));
  }

  Path target() {
    return folder.resolve("a.bin");
  }

  /** As an earlier call left it that was killed after so many bytes. */
  void writePartialDownload(int bytes) throws IOException {
    Files.write(folder.resolve("a.bin.part"), Arrays.copyOf(content, bytes));
    writeOrigin(server.uri("/a.bin") + "\n\"first\"\n");
  }

  void writeOrigin(String text) throws IOException {
    Files.writeString(folder.resolve("a.bin.part.from"), text);
  }

  void assertDownloaded(byte[] expected) throws IOException {
    assertThat(Files.readAllBytes(target())).isEqualTo(expected);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(target()));
  }

  static byte[] bytes(long seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Checksum checksum(byte[] bytes) {
    return Checksum.sha256(HexFormat.of().formatHex(Sha256.newDigest().digest(bytes)));
  }
}
