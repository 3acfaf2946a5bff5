package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadResumeTest extends DownloadTestBase {

  @Test
  void resumesAfterABrokenConnection() throws Exception {
    server.onNextRequest(server.disconnectAfter(100_000));
    CapturedOutput<Boolean> run = fetch();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(2);
    TestFileServer.Request second = server.requests().get(1);
    long start = Long.parseLong(second.header("Range").orElseThrow().replaceAll("\\D", ""));
    assertThat(start).isBetween(1L, 100_000L);
    assertThat(second.header("If-range")).contains("\"first\"");
    assertThat(run.out())
        .contains("The connection to 127.0.0.1 failed")
        .contains("resuming after 0.1 MB");
  }

  @Test
  void resumesThePartialDownloadOfAnEarlierCall() throws Exception {
    writePartialDownload(100_000);
    fetch();
    assertDownloaded(content);
    assertThat(server.requests().get(0).header("Range")).contains("bytes=100000-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag", "Last-Modified"})
  void restartsIfTheFileChanged(String header) throws Exception {
    byte[] other = bytes(2);
    server
        .replaceContent(content, validatorHeader(header, 1))
        .onNextRequest(server.disconnectAfter(100_000));
    server.onNextRequest(
        exchange -> {
          server.replaceContent(other, validatorHeader(header, 2));
          server.serve(exchange);
        });
    CapturedOutput<Boolean> run = fetch(file(other));
    assertDownloaded(other);
    assertThat(server.requests().get(1).header("If-range"))
        .isEqualTo(onlyValue(validatorHeader(header, 1)));
    assertThat(run.out()).contains("starting over");
  }

  @Test
  void restartsIfTheServerIgnoresIfRange() throws Exception {
    byte[] other = bytes(2);
    writePartialDownload(100_000);
    server
        .replaceContent(other, Map.of("ETag", "\"second\""))
        .onNextRequest(server.rangeFrom(100_000));
    fetch(file(other));
    assertDownloaded(other);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().get(1).header("Range")).isEmpty();
  }

  @Test
  void resumesIfTheServerOmitsLastModified() throws Exception {
    String date = "Wed, 21 Oct 2015 07:28:00 GMT";
    writePartialDownload(100_000);
    writeOrigin(server.uri("/a.bin") + "\n" + date + "\n");
    server.replaceContent(content, Map.of()).onNextRequest(server.rangeFrom(100_000));
    fetch();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0).header("If-range")).contains(date);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "nothing at all",
        "http://127.0.0.1:1/other.bin\n\"first\"\n",
        "URI\n",
        "URI\nW/\"weak\"\n",
        "URI\n\"first\"\nand more\n",
        "URI\n\"fir\u0007st\"\n",
      })
  void restartsAPartialDownloadOfUnknownOrigin(String origin) throws Exception {
    writePartialDownload(100_000);
    writeOrigin(origin.replace("URI", server.uri("/a.bin").toString()));
    CapturedOutput<Boolean> run = fetch();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0).header("Range")).isEmpty();
    assertThat(run.out()).contains("cannot be resumed: starting over");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"weak\"", "\"with \u00e9\""})
  void restartsWithoutAStrongValidator(String tag) throws Exception {
    server.replaceContent(content, tag.isEmpty() ? Map.of() : Map.of("ETag", tag));
    server.onNextRequest(server.disconnectAfter(100_000));
    fetch();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().get(1).header("Range")).isEmpty();
  }

  @Test
  void neverJoinsPartsOfTwoFiles() throws Exception {
    writePartialDownload(100_000);
    byte[] other = bytes(2);
    server.replaceContent(other, Map.of("ETag", "\"first\"")); // the same tag: a server that lies
    assertRejected(file(other), checksum(other).toString(), "removed");
    assertThat(folder).isEmptyDirectory();
    fetch(file(other));
    assertDownloaded(other);
  }

  @Test
  void keepsThePartialDownloadOnAnError() throws Exception {
    writePartialDownload(100_000);
    server.onNextRequest(TestFileServer.status(403));
    assertRejected(file(content), "HTTP status 403");
    fetch();
    assertDownloaded(content);
    assertThat(server.requests().get(1).header("Range")).contains("bytes=100000-");
  }

  @Test
  void retriesAsLongAsBytesArrive() throws Exception {
    for (int i = 1; i <= 8; i++) {
      int end = i * 30_000;
      server.onNextRequest(server.rangeEndingAt(end));
    }
    fetch();
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(9);
  }

  @Test
  void resumesAfterAStall() throws Exception {
    retryPolicy = SHORT_TIMEOUT;
    server.onNextRequest(server.stallAfter(100_000));
    CapturedOutput<Boolean> run = fetch();
    assertDownloaded(content);
    assertThat(run.out()).contains("The server has sent nothing for");
    assertThat(server.requests().get(1).header("Range")).isPresent();
  }

  @Test
  void restartsOnARangeWithAnotherStart() throws Exception {
    writePartialDownload(100_000);
    server.onNextRequest(server.rangeFrom(99_999));
    CapturedOutput<Boolean> run = fetch();
    assertDownloaded(content);
    assertThat(run.out()).contains("sent another range than requested");
    assertThat(server.requests().get(1).header("Range")).isEmpty();
  }

  @Test
  void restartsAPartialDownloadThatIsTooLong() throws Exception {
    Files.write(folder.resolve("a.bin.part"), new byte[SIZE + 1]);
    writeOrigin(server.uri("/a.bin") + "\n\"first\"\n");
    fetch();
    assertDownloaded(content);
  }

  @Test
  void completesAFullPartialDownloadWithoutARequest() throws Exception {
    writePartialDownload(SIZE);
    fetch();
    assertDownloaded(content);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void takesAnUnpublishedSizeFromTheServer() throws Exception {
    server.onNextRequest(server.disconnectAfter(100_000));
    fetch(fileOfUnknownSize());
    assertDownloaded(content);
    assertThat(server.requests().get(1).header("Range")).isPresent();
  }

  @Test
  void restartsAFullPartialDownloadOfUnpublishedSize() throws Exception {
    writePartialDownload(SIZE);
    fetch(fileOfUnknownSize());
    assertDownloaded(content);
    assertThat(server.requests()).hasSize(2);
  }

  private static Map<String, String> validatorHeader(String header, int number) {
    return Map.of(
        header,
        header.equals("ETag")
            ? "\"edition-" + number + "\""
            : "Wed, 2" + number + " Oct 2015 07:28:00 GMT");
  }

  private static Optional<String> onlyValue(Map<String, String> headers) {
    return headers.values().stream().findFirst();
  }
}
