package dev.cxr.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.serve.support.RandomBundle;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+$");

  @TempDir private Path folder;

  @Test
  void servesUntilItIsToldToStop() throws Exception {
    Path bundle = RandomBundle.write(folder.resolve("bundle"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--bundle",
                bundle.toString(),
                "--port",
                "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String first = out.readLine();
      assertThat(first).startsWith("Serving random (bundle ");
      Matcher address = ADDRESS.matcher(first);
      assertThat(address.find()).isTrue();
      var ping =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(address.group() + "/ping")).build(),
                  BodyHandlers.ofString());
      assertThat(ping.statusCode()).isEqualTo(200);
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("ended by SIGTERM").isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void withoutABundleItSaysWhichOptionIsMissing() {
    assertThat(new Main().run("run")).isEqualTo(2);
    assertThat(new Main().run("run", "--no-relaunch", "--bundle", folder.toString())).isEqualTo(1);
  }
}
