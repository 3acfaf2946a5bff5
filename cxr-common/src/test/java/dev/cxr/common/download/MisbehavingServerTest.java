package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MisbehavingServerTest extends DownloadTestBase {

  @ParameterizedTest
  @ValueSource(ints = {204, 400, 401, 403, 404, 407, 410, 416})
  void doesNotRetryPermanentErrors(int status) throws Exception {
    server.onEveryRequest(TestFileServer.status(status));
    assertRejected(
        file(content),
        "HTTP status " + status,
        server.uri("/a.bin").toString(),
        "requires a login");
    assertThat(server.requests()).hasSize(1);
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void retriesTransientErrors(int status) throws Exception {
    server
        .onNextRequest(TestFileServer.status(status))
        .onNextRequest(TestFileServer.status(status));
    CapturedOutput<Boolean> run = fetch();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(3);
    assertThat(run.out()).contains("Found HTTP status " + status, "Retrying in 0 s.");
  }

  @Test
  void givesUpAfterRepeatedErrors() throws Exception {
    server.onEveryRequest(TestFileServer.status(503));
    assertRejected(file(content), "3 attempts without progress", "503");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void respectsRetryAfter() throws Exception {
    server.onNextRequest(TestFileServer.status(429, "Retry-After", "1"));
    long start = System.nanoTime();
    fetch();
    assertDownloaded(content);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void givesUpIfNoAttemptMakesProgress() throws Exception {
    server.onEveryRequest(server.disconnectAfter(50_000));
    assertRejected(file(content), "attempts without progress");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void keepsThePartialDownloadOnTimeout() throws Exception {
    retryPolicy = SHORT_TIMEOUT;
    writePartialDownload(100_000);
    server.onEveryRequest(server.stall());
    assertRejected(file(content), "has sent nothing", "resumes with");
    assertThat(server.requests()).hasSize(3);
    assertThat(folder.resolve("a.bin.part")).hasSize(100_000);
  }

  @Test
  void rejectsAResponseOfUnknownSize() throws Exception {
    server.onEveryRequest(server.chunked());
    assertRejected(fileOfUnknownSize(), "at most 8,000.0 MB", "does not announce its size");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void rejectsAResponseBeyondTheSizeLimit() throws Exception {
    server.onEveryRequest(
        exchange -> {
          exchange.sendResponseHeaders(200, RemoteFile.MAX_BYTES + 1);
          exchange.getResponseBody().flush();
        });
    assertRejected(fileOfUnknownSize(), "at most 8,000.0 MB", "one of 8,000.0 MB");
  }

  @Test
  void acceptsAResponseWithoutLengthIfTheSizeIsPublished() throws Exception {
    server.onEveryRequest(server.chunked());
    fetch();
    assertDownloaded(content);
  }

  @Test
  void rejectsMoreBytesThanPublished() throws Exception {
    server.replaceContent(new byte[SIZE + 1], Map.of()).onEveryRequest(server.chunked());
    assertRejected(file(content), "Expected 300,000 bytes of a.bin; found more than that");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void rejectsAContentLengthOtherThanPublished() throws Exception {
    server.replaceContent(new byte[SIZE - 1], Map.of());
    assertRejected(file(content), "Expected 300,000 bytes of a.bin; found 299,999");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void rejectsFewerBytesThanPublished() throws Exception {
    server.replaceContent(Arrays.copyOf(content, 1000), Map.of()).onEveryRequest(server.chunked());
    assertRejected(file(content), "The response ended early");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml"})
  void rejectsAnHtmlPage(String type) throws Exception {
    server.onEveryRequest(TestFileServer.status(200, "Content-Type", type));
    assertRejected(file(content), "a web page (" + type + ")", "login", "with a browser");
    assertThat(server.requests()).hasSize(1);
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsRedirectsWithTheSameHeaders(int status) throws Exception {
    writePartialDownload(100_000);
    server.onNextRequest(TestFileServer.status(status, "Location", "/elsewhere/b.bin?token=1"));
    fetch();
    assertDownloaded(content);
    TestFileServer.Request second = server.requests().get(1);
    assertThat(second.uri()).hasToString("/elsewhere/b.bin?token=1");
    assertThat(second.header("Range")).contains("bytes=100000-");
  }

  @Test
  void rejectsARedirectLoop() throws Exception {
    server.onEveryRequest(TestFileServer.status(302, "Location", "/a.bin"));
    assertRejected(file(content), "HTTP status 302", "Only a few redirects are followed");
    assertThat(server.requests()).hasSizeBetween(2, 6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "ftp://127.0.0.1/a.bin", "http://[broken", "mailto:a@b.c"})
  void rejectsARedirectToAnInvalidUrl(String location) throws Exception {
    server.onEveryRequest(TestFileServer.status(302, "Location", location));
    assertRejected(file(content), "redirect");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void sendsNoUserNameOfARedirect() throws Exception {
    String host = server.uri("/b.bin").getAuthority();
    server.onNextRequest(
        TestFileServer.status(302, "Location", "http://me:secret@" + host + "/b.bin"));
    CapturedOutput<Boolean> run = fetch();
    assertDownloaded(content);
    assertThat(server.requests().get(1).headers()).doesNotContainKey("Authorization");
    assertThat(run.out()).doesNotContain("secret");
  }

  @Test
  void rejectsARedirectWithoutLocation() throws Exception {
    server.onEveryRequest(TestFileServer.status(302));
    assertRejected(file(content), "an invalid redirect at");
  }
}
