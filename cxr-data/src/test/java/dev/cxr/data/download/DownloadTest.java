package dev.cxr.data.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.testing.Captured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DownloadTest {

  private static final int SIZE = 300_000;
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(400), 3, Duration.ofMillis(1), Duration.ofMillis(1500));

  @TempDir private Path folder;
  private final byte[] content = bytes(1);
  private FileServer server;

  @BeforeEach
  void open() throws IOException {
    server = new FileServer(content);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aFileArrivesWholeAndAlone() throws Exception {
    Captured<Boolean> run = fetch();
    assertThat(run.value()).isTrue();
    assertArrived(content);
    assertThat(run.out().lines()).containsExactly("Fetching a.bin (0.3 MB) from 127.0.0.1");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aRequestSaysWhoAsksAndNothingElse() throws Exception {
    fetch();
    FileServer.Asked asked = server.asked().get(0);
    assertThat(asked.headers().keySet())
        .isSubsetOf("Accept-encoding", "Connection", "Content-length", "Host", "User-agent");
    assertThat(asked.header("User-agent"))
        .hasValueSatisfying(v -> assertThat(v).startsWith("cxr/"));
  }

  @Test
  void aBrokenConnectionGoesOnAfterTheLastByte() throws Exception {
    server.next(server.cutAfter(100_000));
    Captured<Boolean> run = fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(2);
    FileServer.Asked second = server.asked().get(1);
    long start = Long.parseLong(second.header("Range").orElseThrow().replaceAll("\\D", ""));
    assertThat(start).isBetween(1L, 100_000L);
    assertThat(second.header("If-range")).contains("\"first\"");
    assertThat(run.out()).contains("The connection broke").contains("going on after 0.1 MB");
  }

  @Test
  void aLaterCallGoesOnAfterTheLastByteOfAnEarlierOne() throws Exception {
    leavePart(100_000);
    fetch();
    assertArrived(content);
    assertThat(server.asked().get(0).header("Range")).contains("bytes=100000-");
  }

  private Captured<Boolean> fetch() throws Exception {
    return fetch(file(content));
  }

  private Captured<Boolean> fetch(RemoteFile file) throws Exception {
    Download download = new Download(SHORT, Disk.REAL);
    return Captured.during(() -> download.fetch(file, target(), 0));
  }

  private RemoteFile file(byte[] expected) {
    return new RemoteFile(server.uri("/a.bin"), OptionalLong.of(expected.length), sum(expected));
  }

  private Path target() {
    return folder.resolve("a.bin");
  }

  /** As an earlier call left it that was killed after so many bytes. */
  private void leavePart(int bytes) throws IOException {
    Files.write(folder.resolve("a.bin.part"), java.util.Arrays.copyOf(content, bytes));
    Files.writeString(folder.resolve("a.bin.part.from"), server.uri("/a.bin") + "\n\"first\"\n");
  }

  private void assertArrived(byte[] expected) throws IOException {
    assertThat(Files.readAllBytes(target())).isEqualTo(expected);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(target()));
  }

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Checksum sum(byte[] bytes) {
    return Checksum.sha256(
        HexFormat.of().formatHex(dev.cxr.data.files.Sha256.start().digest(bytes)));
  }
}
