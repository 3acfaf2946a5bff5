package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.common.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DownloaderTest extends DownloadTestBase {

  @Test
  void downloadsTheFile() throws Exception {
    CapturedOutput<Boolean> run = fetch();
    assertThat(run.value()).isTrue();
    assertDownloaded(content);
    assertThat(run.out().lines()).containsExactly("Downloading a.bin (0.3 MB) from 127.0.0.1");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void sendsNoHeadersButTheNecessary() throws Exception {
    fetch();
    TestFileServer.Request asked = server.requests().get(0);
    assertThat(asked.headers().keySet())
        .isSubsetOf("Accept-encoding", "Connection", "Content-length", "Host", "User-agent");
    assertThat(asked.header("User-agent"))
        .hasValueSatisfying(v -> assertThat(v).startsWith("cxr/"));
  }

  @Test
  void rejectsAWrongChecksum() throws Exception {
    RemoteFile other =
        new RemoteFile(server.uri("/a.bin"), OptionalLong.of(SIZE), checksum(bytes(2)));
    assertRejected(other, checksum(bytes(2)).toString(), checksum(content).toString(), "removed");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void mentionsTheProxyIfTheConnectionIsRefused() throws Exception {
    RemoteFile file = file(content);
    server.close();
    assertRejected(file, "The connection to 127.0.0.1 failed", "-Dhttps.proxyHost");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void reportsAnUnknownHost() throws Exception {
    RemoteFile file = file(content).withUri(URI.create("http://no-such-host.invalid/a.bin"));
    assertRejected(file, "no-such-host.invalid");
  }

  @Test
  void requiresFreeSpaceBeforeTheFirstRequest() throws Exception {
    Downloader download = new Downloader(SHORT_PAUSES, at -> 400_000);
    assertThatThrownBy(() -> download.fetch(file(content), target(), 100_001))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("free space in " + folder)
        .hasMessageContaining("0.3 MB to download and 0.1 MB to unpack; found 0.4 MB free");
    assertThat(server.requests()).isEmpty();
    assertThat(folder).isEmptyDirectory();
    CapturedOutput.during(() -> download.fetch(file(content), target(), 100_000));
    assertDownloaded(content);
  }

  @Test
  void subtractsThePartialDownloadFromTheRequiredSpace() throws Exception {
    writePartialDownload(100_000);
    Downloader download = new Downloader(SHORT_PAUSES, at -> 200_000);
    CapturedOutput.during(() -> download.fetch(file(content), target(), 0));
    assertDownloaded(content);
  }

  @Test
  void requiresFreeSpaceForTheSizeTheServerAnnounces() throws Exception {
    Downloader download = new Downloader(SHORT_PAUSES, at -> 200_000);
    assertThatThrownBy(() -> download.fetch(fileOfUnknownSize(), target(), 0))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("0.3 MB to download; found 0.2 MB free");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void keepsAnExistingFileWithTheRightChecksum() throws Exception {
    Files.write(target(), content);
    writePartialDownload(100_000);
    CapturedOutput<Boolean> run = fetch();
    assertThat(run.value()).isFalse();
    assertDownloaded(content);
    assertThat(server.requests()).isEmpty();
    assertThat(run.out()).contains("exists already, and its checksum is right");
  }

  @Test
  void rejectsAnExistingFileWithAnotherChecksum() throws Exception {
    Files.writeString(target(), "mine");
    assertRejected(file(content), checksum(content).toString(), "a file with", "Remove it");
    assertThat(target()).hasContent("mine");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void rejectsASecondThreadOnTheSameTarget() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    server.onNextRequest(
        exchange -> {
          first.countDown();
          await(second);
          server.serve(exchange);
        });
    CompletableFuture<Boolean> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return new Downloader().fetch(file(content), target(), 0);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    await(first);
    assertRejected(file(content), "no other process that writes " + target(), "Wait until it ends");
    second.countDown();
    assertThat(running.get()).isTrue();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void resumesTheDownloadOfAKilledProcess() throws Exception {
    server.onNextRequest(server.stallAfter(100_000));
    try (ChildJvm child =
        ChildJvm.start(
            Map.of(),
            List.of(),
            DownloadProcess.class,
            server.uri("/a.bin").toString(),
            Integer.toString(SIZE),
            checksum(content).hex(),
            target().toString())) {
      child.lineAfter("Downloading");
      while (PartialDownload.forTarget(target()).length() < 100_000) {
        Thread.sleep(10);
      }
      assertRejected(file(content), "no other process that writes");
      child.process().destroyForcibly().waitFor();
    }
    fetch();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().get(1).header("Range")).contains("bytes=100000-");
  }

  @Test
  void usesTheDefaultProxy() throws Exception {
    String host = System.getProperty("http.proxyHost");
    String port = System.getProperty("http.proxyPort");
    try {
      System.setProperty("http.proxyHost", "127.0.0.1");
      System.setProperty("http.proxyPort", Integer.toString(server.uri("/").getPort()));
      fetch(file(content).withUri(URI.create("http://xrays.invalid/a.bin")));
    } finally {
      restore("http.proxyHost", host);
      restore("http.proxyPort", port);
    }
    assertDownloaded(content);
    assertThat(server.requests().get(0).uri()).hasToString("http://xrays.invalid/a.bin");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void restore(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
