package dev.cxr.data.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.testing.Captured;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MisbehavingServerTest extends AtAServer {

  @ParameterizedTest
  @CsvSource({
    "400, with a browser",
    "401, does not give it to you",
    "403, does not give it to you",
    "404, may have been moved",
    "410, may have been moved",
    "407, none is ever sent",
    "416, with a browser",
    "204, with a browser"
  })
  void aServerThatHasNoFileForUsIsAskedOnce(int status, String told) throws Exception {
    server.always(FileServer.status(status));
    assertRefused(file(content), "HTTP status " + status, server.uri("/a.bin").toString(), told);
    assertThat(server.asked()).hasSize(1);
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aBusyServerIsAskedAgain(int status) throws Exception {
    server.next(FileServer.status(status)).next(FileServer.status(status));
    Captured<Boolean> run = fetch();
    assertArrived(content);
    assertThat(server.asked()).hasSize(3);
    assertThat(run.out()).contains("Found HTTP status " + status, "Trying again in 0 s.");
  }

  @Test
  void aServerThatStaysBusyIsGivenUp() throws Exception {
    server.always(FileServer.status(503));
    assertRefused(file(content), "3 tries in a row without one byte more", "503");
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void aServerIsLeftAloneForAsLongAsItAsks() throws Exception {
    server.next(FileServer.status(429, "Retry-After", "1"));
    long start = System.nanoTime();
    fetch();
    assertArrived(content);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void aServerThatAsksForALongPauseIsNotWaitedFor() throws Exception {
    server.always(FileServer.status(429, "Retry-After", "3600"));
    assertRefused(file(content), "429", "left alone for 3600 s");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aServerThatAlwaysBeginsAnewAndNeverEndsIsGivenUp() throws Exception {
    server.always(server.cutAfter(50_000));
    assertRefused(file(content), "tries in a row without one byte more");
    assertThat(server.asked()).hasSize(4);
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpAndThePartStays() throws Exception {
    patience = IMPATIENT;
    leavePart(100_000);
    server.always(server.silent());
    assertRefused(file(content), "has not answered", "continues with what is in");
    assertThat(server.asked()).hasSize(3);
    assertThat(folder.resolve("a.bin.part")).hasSize(100_000);
  }

  @Test
  void withoutAnySizeNothingIsFetched() throws Exception {
    server.always(server.chunked());
    assertRefused(ofUnknownSize(), "at most 8,000.0 MB", "does not say how long");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSizeBeyondTheBoundIsRefused() throws Exception {
    server.always(exchange -> exchange.sendResponseHeaders(200, Download.MOST_BYTES + 1));
    assertRefused(ofUnknownSize(), "at most 8,000.0 MB", "one of 8,000.0 MB");
  }

  @Test
  void anAnswerWithoutItsLengthIsEnoughWhereTheSizeIsPublished() throws Exception {
    server.always(server.chunked());
    fetch();
    assertArrived(content);
  }

  @Test
  void anAnswerThatGoesOnBeyondThePublishedSizeIsCutOffAndRefused() throws Exception {
    server.has(new byte[SIZE + 1], Map.of()).always(server.chunked());
    assertRefused(file(content), "Expected 300,000 bytes of a.bin; found more than that");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anAnswerOfAnotherSizeIsRefusedBeforeAByteIsKept() throws Exception {
    server.has(new byte[SIZE - 1], Map.of());
    assertRefused(file(content), "Expected 300,000 bytes of a.bin; found 299,999");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aShorterAnswerWithoutItsLengthIsGivenUp() throws Exception {
    server.has(Arrays.copyOf(content, 1000), Map.of()).always(server.chunked());
    assertRefused(file(content), "The answer ended early");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml"})
  void aWebPageIsNotTakenForTheFile(String type) throws Exception {
    server.always(FileServer.status(200, "Content-Type", type));
    assertRefused(file(content), "a web page (" + type + ")", "login", "with a browser");
    assertThat(server.asked()).hasSize(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aPackedAnswerIsRefused() throws Exception {
    server.always(FileServer.status(200, "Content-Encoding", "gzip"));
    assertRefused(file(content), "packed as 'gzip'");
    assertThat(server.asked().get(0).header("Accept-encoding")).contains("identity");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsFollowedWithTheSameQuestion(int status) throws Exception {
    leavePart(100_000);
    server.next(FileServer.status(status, "Location", "/elsewhere/b.bin?token=1"));
    fetch();
    assertArrived(content);
    FileServer.Asked second = server.asked().get(1);
    assertThat(second.uri()).hasToString("/elsewhere/b.bin?token=1");
    assertThat(second.header("Range")).contains("bytes=100000-");
  }

  @Test
  void redirectsWithoutEndAreRefused() throws Exception {
    server.always(FileServer.status(302, "Location", "/a.bin"));
    assertRefused(file(content), "at most 5 redirects", "leads on and on");
    assertThat(server.asked()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://127.0.0.1/a.bin",
        "http://me:secret@127.0.0.1/a.bin",
        "http://[broken",
        "mailto:a@b.c",
      })
  void aRedirectToNoFitAddressIsRefused(String location) throws Exception {
    server.always(FileServer.status(302, "Location", location));
    String message = assertRefused(file(content), "leads to", "Nothing is fetched from there");
    assertThat(message).doesNotContain("secret");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aRedirectToNowhereIsRefused() throws Exception {
    server.always(FileServer.status(302));
    assertRefused(file(content), "leads to nowhere");
  }
}
