package dev.cxr.serve.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.serve.Main;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.ServerProcess;
import dev.cxr.serve.support.Soak;
import dev.cxr.serve.support.TestImages;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

  private static final Pattern SPACES = Pattern.compile("\\s+");

  @TempDir private Path folder;

  private static HttpRequest post(URI address) {
    return HttpRequest.newBuilder(address.resolve("/predictions/random"))
        .POST(BodyPublishers.ofByteArray(TestImages.jpeg(0)))
        .build();
  }

  private static int status(URI address, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  /** A server starts, gets SIGTERM under load and exits. */
  @Test
  void sigtermUnderLoadLosesNoAcceptedRequest() throws Exception {
    Path bundle = RandomBundle.write(folder.resolve("bundle"));
    try (ServerProcess server = ServerProcess.start(bundle)) {
      assertThat(server.firstLine()).startsWith("Serving random (bundle ");
      URI address = server.address();
      assertThat(status(address, "/ping")).isEqualTo(200);
      AtomicInteger successes = new AtomicInteger();
      ConcurrentLinkedQueue<Throwable> lost = new ConcurrentLinkedQueue<>();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Thread client = new Thread(() -> requestUntilShutDown(address, successes, lost));
        client.start();
        clients.add(client);
      }
      Thread.sleep(Soak.choose(500, 5_000));
      long signalNanos = System.nanoTime();
      server.terminate();
      int ready = 200;
      while (ready == 200 && System.nanoTime() - signalNanos < 900_000_000L) {
        ready = status(address, "/ping");
      }
      long unready = System.nanoTime() - signalNanos;
      assertThat(ready).as("within %d ms", unready / 1_000_000).isEqualTo(503);
      assertThat(server.exitCode(30)).as("ended by SIGTERM").isEqualTo(143);
      long gone = System.nanoTime() - signalNanos;
      for (Thread client : clients) {
        client.join();
      }
      System.out.printf(
          "SIGTERM under load: not ready after %.0f ms, gone after %.1f s, %d predicted, %d lost%n",
          unready / 1e6, gone / 1e9, successes.get(), lost.size());
      assertThat(successes.get()).isPositive();
      assertThat(lost).isEmpty();
    }
  }

  /** Each client has one connection. Every accepted request must get a response. */
  private static void requestUntilShutDown(
      URI address, AtomicInteger successes, ConcurrentLinkedQueue<Throwable> lost) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try {
      while (true) {
        HttpResponse<String> response = client.send(post(address), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
          assertThat(response.statusCode()).isEqualTo(503);
          if (!response.body().contains("WlmCapacityException")) {
            return;
          }
          Thread.sleep(20);
        } else {
          successes.incrementAndGet();
        }
      }
    } catch (ConnectException e) {
      return; // the server has stopped
    } catch (IOException | AssertionError e) {
      lost.add(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All sockets of the process belong to incoming connections. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void opensNoOutgoingConnection() throws Exception {
    Path bundle = RandomBundle.write(folder.resolve("bundle"));
    try (ServerProcess server = ServerProcess.start(bundle)) {
      URI address = server.address();
      HttpClient client = HttpClient.newHttpClient();
      for (int i = 0; i < 5; i++) {
        assertThat(client.send(post(address), BodyHandlers.discarding()).statusCode())
            .isEqualTo(200);
        assertThat(foreignSockets(server.serverProcess(), address.getPort())).isEmpty();
      }
    }
  }

  private static List<String> foreignSockets(ProcessHandle process, int port) throws IOException {
    Set<String> inodes;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      inodes =
          descriptors
              .map(ServeCommandTest::target)
              .filter(target -> target.startsWith("socket:["))
              .map(target -> target.replaceAll("\\D", ""))
              .collect(Collectors.toSet());
    }
    assertThat(inodes).as("it listens").isNotEmpty();
    List<String> foreign = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
        String[] fields = SPACES.split(line.strip(), -1);
        boolean isOurs = fields.length > 9 && inodes.contains(fields[9]);
        if (isOurs && !fields[1].endsWith(":%04X".formatted(port))) {
          foreign.add(line);
        }
      }
    }
    return foreign;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  @Test
  void rejectsMissingOrInvalidBundle() {
    assertThat(new Main().run("serve")).isEqualTo(2);
    assertThat(new Main().run("serve", "--no-relaunch", "--bundle", folder.toString()))
        .isEqualTo(1);
  }

  @Test
  void exportWritesAnOnnxFile() throws IOException {
    Path bundle = RandomBundle.write(folder.resolve("bundle"));
    Path file = folder.resolve("model.onnx");
    String[] arguments = {
      "export", "--no-relaunch", "--bundle", bundle.toString(), "--out", file.toString()
    };
    assertThat(new Main().run(arguments)).isZero();
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void acceptsFormerCommandName() {
    assertThat(new Main().run("run", "--no-relaunch", "--bundle", folder.toString())).isEqualTo(1);
  }

  @Test
  void rejectsHostNames() {
    assertThat(new Main().run("serve", "--no-relaunch", "--bundle", "x", "--host", "example.org"))
        .isEqualTo(2);
  }

  @Test
  void onlyTheEmbeddedServerChecksHosts() {
    assertThat(
            new Main()
                .run(
                    "serve",
                    "--no-relaunch",
                    "--bundle",
                    "x",
                    "--server",
                    "djl-serving",
                    "--allowed-host",
                    "example.org"))
        .isEqualTo(2);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void startsInstalledDjlServing() throws Exception {
    Path bundle = RandomBundle.write(folder.resolve("bundle"));
    Path home = folder.resolve("home");
    Path program = Files.createDirectories(home.resolve("bin")).resolve("djl-serving");
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo "args: $*"
        cat "$2"
        folder=$(echo "$4" | sed 's/.*=file:\\/\\///')
        ls "$folder" "$folder/libs"
        exit 7
        """);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "serve",
            "--no-relaunch",
            "--server",
            "djl-serving",
            "--bundle",
            bundle.toString(),
            "--port",
            "8123");
    builder.environment().put("DJL_SERVING_HOME", home.toString());
    Process process = builder.redirectErrorStream(true).start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(log).isEqualTo(7);
    assertThat(log)
        .containsPattern("--models random:[0-9a-f]{12}:PyTorch=file:///")
        .contains("inference_address=http://127.0.0.1:8123")
        .contains("random-0001.params", "cxr.jar", "serving.properties");
  }
}
