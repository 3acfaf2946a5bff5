package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.TestImages;
import dev.cxr.serve.support.TestServer;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

  private static AllowedHosts hosts(String address, String... allowed) throws Exception {
    return new AllowedHosts(InetAddress.getByName(address), List.of(allowed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "localhost.:1",
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.0.0.2",
        "[::1]",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]:80"
      })
  void loopbackIsAllowed(String host) throws Exception {
    assertThat(hosts("127.0.0.1").allows(host)).isTrue();
    assertThat(hosts("0.0.0.0").allows(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.0.2.1",
        "[2001:db8::1]:8080",
        "",
        ":8080",
        "1.2.3.400",
        "[::1",
        "localhost:x",
        "localhost@evil.example",
        "[fe80::1%lo]"
      })
  void othersAreNot(String host) throws Exception {
    assertThat(hosts("127.0.0.1").allows(host)).isFalse();
    assertThat(hosts("0.0.0.0").allows(host)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "cxr, cxr:80",
    "Cxr.Example, cxr.example.",
    "192.0.2.1, 192.0.2.1:8080",
    "2001:db8::1, [2001:db8:0::1]:8080",
    "[2001:db8::1], [2001:db8::1]"
  })
  void namesThatTheUserGaveAreAllowed(String allowed, String host) throws Exception {
    assertThat(hosts("127.0.0.1", allowed).allows(host)).isTrue();
  }

  @Test
  void addressesOfThisMachineAreAllowedIfOthersReachIt() throws Exception {
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    for (InetAddress address : others) {
      String ip = address.getHostAddress().replaceFirst("%.*", "");
      String host = ip.contains(":") ? "[" + ip + "]:8080" : ip + ":8080";
      assertThat(hosts("0.0.0.0").allows(host)).as(host).isTrue();
      assertThat(hosts("::").allows(host)).as(host).isTrue();
      assertThat(hosts("127.0.0.1").allows(host)).as(host).isFalse();
    }
  }

  @Test
  void serverAnswersNoOtherHost(@TempDir Path folder) throws Exception {
    String body = new String(TestImages.jpeg(0), StandardCharsets.ISO_8859_1);
    try (TestServer server = TestServer.start(folder, RandomBundle.SMALL)) {
      for (String path : List.of("/", "/ping", "/metrics", "/models", "/nope")) {
        for (String method : List.of("GET", "OPTIONS")) {
          String head = method + " " + path + " HTTP/1.1\r\nConnection: close\r\n";
          assertThat(server.sendRaw(head + "Host: evil.example\r\n\r\n"))
              .startsWith("HTTP/1.1 421 Misdirected Request\r\n")
              .contains("\"code\":421", "'evil.example'", "--allowed-host", "x-request-id")
              .doesNotContainIgnoringCase("Access-Control-");
          assertThat(server.sendRaw(head + "\r\n")).startsWith("HTTP/1.1 400");
          assertThat(server.sendRaw(head + "Host: localhost\r\nHost: evil.example\r\n\r\n"))
              .startsWith("HTTP/1.1 400");
          assertThat(server.sendRaw(head + "Host: localhost\r\nOrigin: http://x\r\n\r\n"))
              .contains(
                  "X-Frame-Options: DENY",
                  "X-Content-Type-Options: nosniff",
                  "frame-ancestors 'none'")
              .doesNotContainIgnoringCase("Access-Control-");
        }
      }
      String post = "POST /predictions/random HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n";
      String length = "Content-Length: " + body.length() + "\r\n\r\n";
      assertThat(server.sendRaw(post.formatted("evil.example") + length + body))
          .startsWith("HTTP/1.1 421")
          .doesNotContain("probability");
      assertThat(server.sendRaw(post.formatted("[::1]:1") + length + body))
          .startsWith("HTTP/1.1 200");
      assertThat(server.sendRaw("GET /ping HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200");
    }
  }
}
