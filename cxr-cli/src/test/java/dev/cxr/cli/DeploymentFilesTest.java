package dev.cxr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.cli.Version;
import dev.cxr.common.runtime.AllocatorSettings;
import dev.cxr.common.runtime.Workload;
import dev.cxr.serve.http.InferenceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Keeps the files in {@code deploy} equal to the code: options, ports, times, allocator. */
class DeploymentFilesTest {

  private static final Gson GSON = new Gson();
  private static final int SHUTDOWN_SECONDS = (int) InferenceServer.MAX_SHUTDOWN_TIME.toSeconds();

  @Test
  void containerServesAtTheExposedPort() throws IOException {
    String file = read("Containerfile");
    String[] command = GSON.fromJson(find("(?m)^CMD (.*)$", file), String[].class);

    assertThat(serveOptions(command).matchedOptionValue("--host", InferenceServer.LOOPBACK))
        .isEqualTo("0.0.0.0");
    assertThat(find("(?m)^EXPOSE (\\d+)$", file)).isEqualTo(portOf(command));
    assertThat(find("/dev/tcp/127\\.0\\.0\\.1/(\\d+)", file)).isEqualTo(portOf(command));
  }

  @Test
  void kubernetesRunsTheImageAsItIsBuilt() throws IOException {
    JsonObject pod = pod("cxr.yaml");
    JsonObject container = container(pod);
    String[] command = GSON.fromJson(container.get("args"), String[].class);
    int preStopSeconds =
        container
            .getAsJsonObject("lifecycle")
            .getAsJsonObject("preStop")
            .getAsJsonObject("exec")
            .getAsJsonArray("command")
            .get(1)
            .getAsInt();

    assertThat(container.get("image").getAsString()).isEqualTo("cxr:" + Version.number());
    assertThat(first(container, "ports").get("containerPort")).hasToString(portOf(command));
    assertThat(serveOptions(command).matchedOptionValue("--bundle", List.<Path>of()))
        .containsExactly(Path.of(first(container, "volumeMounts").get("mountPath").getAsString()));
    assertThat(pod.getAsJsonObject("securityContext").get("runAsUser"))
        .hasToString(find("(?m)^USER (\\d+):", read("Containerfile")));
    assertThat(pod.get("terminationGracePeriodSeconds").getAsInt())
        .isGreaterThan(preStopSeconds + SHUTDOWN_SECONDS);
  }

  @Test
  void djlServingHasTheAllocatorSettingsAndBatches() throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (JsonElement variable : container(pod("djl-serving.yaml")).getAsJsonArray("env")) {
      JsonObject entry = variable.getAsJsonObject();
      environment.put(entry.get("name").getAsString(), entry.get("value").getAsString());
    }

    assertThat(environment)
        .containsAllEntriesOf(AllocatorSettings.forWorkload(Workload.INFERENCE_ONLY));
    assertThat(environment.get("SERVING_BATCH_SIZE")).matches("[2-9]|\\d\\d+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cxr.yaml", "djl-serving.yaml"})
  void serviceAndNetworkPolicySelectThePods(String file) throws IOException {
    JsonElement labels =
        document(file, "Deployment")
            .getAsJsonObject("spec")
            .getAsJsonObject("template")
            .getAsJsonObject("metadata")
            .get("labels");

    assertThat(document(file, "Service").getAsJsonObject("spec").get("selector")).isEqualTo(labels);
    assertThat(
            document(file, "NetworkPolicy")
                .getAsJsonObject("spec")
                .getAsJsonObject("podSelector")
                .get("matchLabels"))
        .isEqualTo(labels);
  }

  @Test
  void systemdUnitFitsTheServer() throws IOException {
    String unit = read("systemd/cxr-serve.service");
    String options = find("(?m)^CXR_SERVE_OPTIONS=(.*)$", read("systemd/serve.env"));

    assertThat(unit).contains("ExecStart=/opt/cxr/bin/cxr serve $CXR_SERVE_OPTIONS\n");
    assertThat(serveOptions(("serve " + options).split(" ")).hasMatchedOption("--bundle")).isTrue();
    assertThat(Integer.parseInt(find("(?m)^TimeoutStopSec=(\\d+)$", unit)))
        .isGreaterThan(SHUTDOWN_SECONDS);
  }

  /** Fails if an option does not exist, is missing, or has a value of another type. */
  private static ParseResult serveOptions(String... command) {
    return new CommandLine(new dev.cxr.serve.Main()).parseArgs(command).subcommand();
  }

  private static String portOf(String... command) {
    return serveOptions(command).commandSpec().findOption("--port").getValue().toString();
  }

  private static JsonObject pod(String file) throws IOException {
    return document(file, "Deployment")
        .getAsJsonObject("spec")
        .getAsJsonObject("template")
        .getAsJsonObject("spec");
  }

  private static JsonObject container(JsonObject pod) {
    return first(pod, "containers");
  }

  private static JsonObject first(JsonObject parent, String array) {
    return parent.getAsJsonArray(array).get(0).getAsJsonObject();
  }

  private static JsonObject document(String file, String kind) throws IOException {
    Load yaml = new Load(LoadSettings.builder().build());
    for (Object document : yaml.loadAllFromString(read("kubernetes/" + file))) {
      JsonObject json = GSON.toJsonTree(document).getAsJsonObject();
      if (json.get("kind").getAsString().equals(kind)) {
        return json;
      }
    }
    throw new AssertionError("no %s in %s".formatted(kind, file));
  }

  private static String find(String regex, String text) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    assertThat(matcher.find()).describedAs(regex).isTrue();
    return matcher.group(1);
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of("..", "deploy", file));
  }
}
