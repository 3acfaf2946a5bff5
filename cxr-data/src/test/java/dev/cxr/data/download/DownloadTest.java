package dev.cxr.data.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.data.shell.Refusal;
import dev.cxr.data.testing.Captured;
import dev.cxr.data.testing.ChildJvm;
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

class DownloadTest extends AtAServer {

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
  void aWrongChecksumIsRefusedAndTheFileRemoved() throws Exception {
    RemoteFile other = new RemoteFile(server.uri("/a.bin"), OptionalLong.of(SIZE), sum(bytes(2)));
    assertRefused(other, sum(bytes(2)).toString(), sum(content).toString(), "removed");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whereNobodyListensTheProxyIsMentioned() throws Exception {
    RemoteFile file = file(content);
    server.close();
    assertRefused(file, "Could not connect to 127.0.0.1", "-Dhttps.proxyHost");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aNameThatNobodyKnowsIsToldAsSuch() throws Exception {
    RemoteFile file = file(content).from(URI.create("http://no-such-host.invalid/a.bin"));
    assertRefused(file, "no-such-host.invalid");
  }

  @Test
  void withoutRoomNothingIsAsked() throws Exception {
    Download download = new Download(QUICK, at -> 400_000);
    assertThatThrownBy(() -> download.fetch(file(content), target(), 100_001))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("room in " + folder)
        .hasMessageContaining("0.3 MB to fetch and 0.1 MB to unpack it; found 0.4 MB free");
    assertThat(server.asked()).isEmpty();
    assertThat(folder).isEmptyDirectory();
    Captured.during(() -> download.fetch(file(content), target(), 100_000));
    assertArrived(content);
  }

  @Test
  void whatHasComeBeforeNeedsNoRoomAgain() throws Exception {
    leavePart(100_000);
    Download download = new Download(QUICK, at -> 200_000);
    Captured.during(() -> download.fetch(file(content), target(), 0));
    assertArrived(content);
  }

  @Test
  void withoutRoomForASizeThatTheServerTellsNothingIsKept() throws Exception {
    Download download = new Download(QUICK, at -> 200_000);
    assertThatThrownBy(() -> download.fetch(ofUnknownSize(), target(), 0))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("0.3 MB to fetch; found 0.2 MB free");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theRightFileThatStandsThereIsNotFetchedAgain() throws Exception {
    Files.write(target(), content);
    leavePart(100_000);
    Captured<Boolean> run = fetch();
    assertThat(run.value()).isFalse();
    assertArrived(content);
    assertThat(server.asked()).isEmpty();
    assertThat(run.out()).contains("is there already, and its checksum is right");
  }

  @Test
  void anotherFileThatStandsThereIsRefusedAndUntouched() throws Exception {
    Files.writeString(target(), "mine");
    assertRefused(file(content), sum(content).toString(), "another file there", "Remove it");
    assertThat(target()).hasContent("mine");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void twoThreadsOnOneFileAreOneTooMany() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    server.next(
        exchange -> {
          first.countDown();
          await(second);
          server.serve(exchange);
        });
    CompletableFuture<Boolean> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return new Download(Patience.DEFAULT, Disk.REAL).fetch(file(content), target(), 0);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    await(first);
    assertRefused(file(content), "alone at work on " + target(), "Wait until it ends");
    second.countDown();
    assertThat(running.get()).isTrue();
    assertArrived(content);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void whatAKilledProcessFetchedIsGoneOnWithAndItsClaimIsVoid() throws Exception {
    server.next(server.silentAfter(100_000));
    try (ChildJvm child =
        ChildJvm.start(
            Map.of(),
            List.of(),
            Fetcher.class,
            server.uri("/a.bin").toString(),
            Integer.toString(SIZE),
            sum(content).hex(),
            target().toString())) {
      child.after("Fetching");
      while (Part.of(target()).length() < 100_000) {
        Thread.sleep(10);
      }
      assertRefused(file(content), "another process is at it");
      child.process().destroyForcibly().waitFor();
    }
    fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(2);
    assertThat(server.asked().get(1).header("Range")).contains("bytes=100000-");
  }

  @Test
  void theDefaultProxyIsUsed() throws Exception {
    String host = System.getProperty("http.proxyHost");
    String port = System.getProperty("http.proxyPort");
    try {
      System.setProperty("http.proxyHost", "127.0.0.1");
      System.setProperty("http.proxyPort", Integer.toString(server.uri("/").getPort()));
      fetch(file(content).from(URI.create("http://xrays.invalid/a.bin")));
    } finally {
      restore("http.proxyHost", host);
      restore("http.proxyPort", port);
    }
    assertArrived(content);
    assertThat(server.asked().get(0).uri()).hasToString("http://xrays.invalid/a.bin");
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
