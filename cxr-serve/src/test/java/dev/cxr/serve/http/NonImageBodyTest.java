package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send by mistake is named, with what to send instead. */
class NonImageBodyTest {

  private static final String PATH = "/predictions/random";

  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch, RandomBundle.SMALL);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertRefused(byte[] body, String... words) throws Exception {
    assertError(server.post(PATH, body), 400, words);
  }

  private static void assertRefused(String body, String... words) throws Exception {
    assertRefused(body.getBytes(StandardCharsets.UTF_8), words);
  }

  private static void assertError(HttpResponse<String> response, int code, String... words) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
    assertThat(
            JsonParser.parseString(response.body()).getAsJsonObject().get("message").getAsString())
        .startsWith("Expected ")
        .contains(words);
  }

  private static HttpResponse<String> postEncoded(String encoding, byte[] body) throws Exception {
    return server.send(
        server
            .request(PATH)
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body))
            .build());
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  @Test
  void namesJsonDataUrlsAndBase64() throws Exception {
    String base64 = Base64.getEncoder().encodeToString(TestImages.png(0));
    String mime = Base64.getMimeEncoder().encodeToString(TestImages.jpeg(0));
    assertRefused("{\"image\": \"" + base64 + "\"}", "found JSON", "-T IMAGE.png");
    assertRefused("\n [\"" + base64 + "\"]", "found JSON");
    assertRefused("\"" + base64 + "\"", "found JSON", "not decoded");
    assertRefused("data:image/png;base64," + base64, "found a data URL", "-T IMAGE.png");
    assertRefused(base64, "found base64 text", "-T IMAGE.png");
    assertRefused(mime, "found base64 text");
  }

  @Test
  void namesUrlsFormsAndText() throws Exception {
    assertRefused("https://example.org/xray.png", "found a URL", "opens no URL");
    assertRefused("data=%FF%D8%FF%E0", "found a URL-encoded form", "-F data=@IMAGE.png");
    assertRefused("xray.png", "found text", "-T IMAGE.png");
    assertRefused("<html><body>Not found</body></html>", "found text");
    assertRefused(
        "--xyz\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\nx\r\n--xyz--",
        "multipart form without its boundary",
        "Do not set Content-Type yourself");
  }

  @Test
  void namesArchivesAndCompressionWithoutHeader() throws Exception {
    assertRefused(gzip(TestImages.jpeg(0)), "found gzip", "Content-Encoding: gzip");
    assertRefused("PK\u0003\u0004rest", "found a ZIP archive", "one image per request");
  }

  @Test
  void namesFileWhoseBytesCurlRemoved() throws Exception {
    for (byte[] image : new byte[][] {TestImages.png(0), TestImages.jpeg(0), TestImages.dicom(0)}) {
      ByteArrayOutputStream stripped = new ByteArrayOutputStream();
      for (byte b : image) {
        if (b != 0 && b != '\n' && b != '\r') {
          stripped.write(b);
        }
      }
      assertRefused(stripped.toByteArray(), "line breaks and null bytes", "--data-binary");
    }
  }

  @Test
  void namesFileThatWasConvertedToText() throws Exception {
    for (byte[] image : new byte[][] {TestImages.png(0), TestImages.jpeg(0)}) {
      assertRefused(new String(image, StandardCharsets.UTF_8), "converted to text", "binary mode");
      assertRefused(new String(image, StandardCharsets.ISO_8859_1), "converted to text");
    }
  }

  @Test
  void damagedImageKeepsTheMessageOfTheDecoder() throws Exception {
    byte[] jpeg = TestImages.jpeg(0);
    byte[] truncated = Arrays.copyOf(jpeg, jpeg.length / 2);
    assertThat(server.post(PATH, truncated).body()).contains("the file is truncated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip"})
  void decodesGzip(String encoding) throws Exception {
    byte[] image = TestImages.png(0);
    HttpResponse<String> response = postEncoded(encoding, gzip(image));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(server.post(PATH, image).body());
  }

  @Test
  void acceptsIdentity() throws Exception {
    assertThat(postEncoded("identity", TestImages.png(0)).statusCode()).isEqualTo(200);
  }

  @Test
  void rejectsDamagedAndTruncatedGzip() throws Exception {
    byte[] gzip = gzip(TestImages.png(0));
    assertError(postEncoded("gzip", Arrays.copyOf(gzip, gzip.length - 20)), 400, "whole gzip");
    gzip[gzip.length - 6] ^= 1; // checksum
    assertError(postEncoded("gzip", gzip), 400, "whole gzip", "without compression");
    assertError(postEncoded("gzip", TestImages.png(0)), 400, "whole gzip");
    assertThat(server.post(PATH, TestImages.png(0)).statusCode()).isEqualTo(200);
  }

  @Test
  void rejectsGzipThatBecomesTooLarge() throws Exception {
    byte[] bomb = gzip(new byte[64 << 20]);
    assertThat(bomb).hasSizeLessThan(2 << 20);
    assertError(postEncoded("gzip", bomb), 413, "16 MiB", "decompression");
    byte[] largest = gzip(new byte[BodyReader.MAX_BODY_BYTES]);
    assertThat(postEncoded("gzip", largest).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "zstd", "gzip, br"})
  void refusesOtherEncodingsByName(String encoding) throws Exception {
    HttpResponse<String> response = postEncoded(encoding, TestImages.png(0));
    assertError(response, 415, "'" + encoding + "'", "without compression");
    assertThat(response.headers().firstValue("Accept-Encoding")).hasValue("gzip");
    assertError(postEncoded(encoding, new byte[8 << 20]), 415, "without compression");
  }

  @Test
  void refusesFormWithTwoFiles() throws Exception {
    String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"x\"\r\n\r\n";
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (String name : new String[] {"data", "other"}) {
      form.writeBytes(part.formatted(name).getBytes(StandardCharsets.US_ASCII));
      form.writeBytes(TestImages.png(0));
      form.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    form.writeBytes("--b--\r\n".getBytes(StandardCharsets.US_ASCII));
    HttpResponse<String> response =
        server.send(
            server
                .request(PATH)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofByteArray(form.toByteArray()))
                .build());
    assertError(response, 400, "one image in the form; found 2", "own request");
  }
}
