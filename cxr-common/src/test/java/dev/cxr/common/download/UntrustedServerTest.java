package dev.cxr.common.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.OptionalLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UntrustedServerTest {

  private static final String PASSWORD = "for this test";

  @TempDir private Path folder;

  @Test
  void rejectsASelfSignedCertificate() throws Exception {
    HttpsServer server = serve(selfSigned(), exchange -> exchange.sendResponseHeaders(200, 10));
    try {
      Path target = Files.createDirectory(folder.resolve("data")).resolve("a.bin");
      assertThatThrownBy(() -> new Downloader().fetch(file(server), target, 0))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("certificate that Java trusts; found none at localhost")
          .hasMessageContaining("javax.net.ssl.trustStore");
      assertThat(target.getParent()).isEmptyDirectory();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void rejectsARedirectFromHttpsToHttp() throws Exception {
    SSLContext before = SSLContext.getDefault();
    SSLContext trusted = selfSigned();
    HttpsServer server =
        serve(trusted, TestFileServer.status(302, "Location", "http://localhost:1/a.bin"));
    try {
      SSLContext.setDefault(trusted);
      assertThatThrownBy(() -> new Downloader().fetch(file(server), folder.resolve("a.bin"), 0))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("HTTP status 302 at https://localhost")
          .hasMessageContaining("none from https to http");
    } finally {
      SSLContext.setDefault(before);
      server.stop(0);
    }
  }

  private static HttpsServer serve(SSLContext context, HttpHandler handler) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", handler);
    server.start();
    return server;
  }

  private static RemoteFile file(HttpsServer server) {
    URI uri = URI.create("https://localhost:%d/a.bin".formatted(server.getAddress().getPort()));
    return new RemoteFile(uri, OptionalLong.of(10), Checksum.md5("0123456789abcdef".repeat(2)));
  }

  private SSLContext selfSigned() throws Exception {
    Path store = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusting(keys));
    context.init(factory.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore trusting(KeyStore keys) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate(keys.aliases().nextElement()));
    return trusted;
  }
}
