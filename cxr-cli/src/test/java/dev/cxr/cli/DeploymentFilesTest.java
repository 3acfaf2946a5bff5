package dev.cxr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.runtime.AllocatorSettings;
import dev.cxr.common.runtime.Workload;
import dev.cxr.serve.cli.ServeCommand;
import dev.cxr.serve.http.InferenceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Keeps the files in {@code deploy} equal to the code: options, ports, paths, times, allocator. */
class DeploymentFilesTest {

  private static final Path DEPLOY = Path.of("..", "deploy");

  @Test
  void containerServesOnTheExposedPort() throws IOException {
    String file = read("Containerfile");
    List<String> command = strings(match(file, "(?m)^CMD \\[(.*)]$"));
    String port = match(file, "(?m)^EXPOSE (\\d+)$");

    assertThat(port(serveOptions(command))).isEqualTo(port);
    assertThat(match(file, "/dev/tcp/127\\.0\\.0\\.1/(\\d+)")).isEqualTo(port);
    assertThat(match(file, "(?m)^ENTRYPOINT \\[\"(.*)\"]$")).isEqualTo("cxr");
  }

  @Test
  void kubernetesRunsTheImageAsItIsBuilt() throws IOException {
    String image = read("Containerfile");
    Map<?, ?> pod = pod("cxr.yaml");
    Map<?, ?> container = container(pod);
    ParseResult options =
        serveOptions(list(container.get("args")).stream().map(Object::toString).toList());

    assertThat(port(options)).isEqualTo(containerPort(container));
    assertThat(options.matchedOptionValue("--bundle", List.of(Path.of("none"))))
        .containsExactly(
            Path.of((String) map(list(container.get("volumeMounts")).get(0)).get("mountPath")));
    assertThat(map(pod.get("securityContext")).get("runAsUser"))
        .hasToString(match(image, "(?m)^USER (\\d+):"));
    int preStop =
        Integer.parseInt(
            (String)
                list(
                        map(map(map(container.get("lifecycle")).get("preStop")).get("exec"))
                            .get("command"))
                    .get(1));
    assertThat((int) pod.get("terminationGracePeriodSeconds"))
        .isGreaterThan(preStop + (int) InferenceServer.MAX_SHUTDOWN_TIME.toSeconds());
  }

  @Test
  void djlServingHasTheAllocatorSettingsAndBatches() throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (Object variable : list(container(pod("djl-serving.yaml")).get("env"))) {
      environment.put((String) map(variable).get("name"), (String) map(variable).get("value"));
    }

    assertThat(environment)
        .containsAllEntriesOf(AllocatorSettings.forWorkload(Workload.INFERENCE_ONLY));
    assertThat(Integer.parseInt(environment.get("SERVING_BATCH_SIZE"))).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cxr.yaml", "djl-serving.yaml"})
  void serviceAndNetworkPolicySelectThePods(String file) throws IOException {
    Map<?, ?> pod = pod(file);
    Object labels =
        map(map(map(document(file, "Deployment").get("spec")).get("template")).get("metadata"))
            .get("labels");

    assertThat(map(document(file, "Service").get("spec")).get("selector")).isEqualTo(labels);
    assertThat(
            map(map(document(file, "NetworkPolicy").get("spec")).get("podSelector"))
                .get("matchLabels"))
        .isEqualTo(labels);
    assertThat(container(pod).keySet().stream().map(Object::toString))
        .contains("startupProbe", "readinessProbe", "livenessProbe");
  }

  @Test
  void systemdUnitFitsTheServer() throws IOException {
    String unit = read("systemd/cxr-serve.service");
    String options =
        match(read("systemd/serve.env"), "(?m)^CXR_SERVE_OPTIONS=(.*)$").replace("\"", "");

    assertThat(match(unit, "(?m)^ExecStart=(.*)$"))
        .isEqualTo("/opt/cxr/bin/cxr serve $CXR_SERVE_OPTIONS");
    serveOptions(
        Stream.concat(Stream.of("serve"), Pattern.compile(" ").splitAsStream(options)).toList());
    assertThat(Integer.parseInt(match(unit, "(?m)^TimeoutStopSec=(\\d+)$")))
        .isGreaterThan((int) InferenceServer.MAX_SHUTDOWN_TIME.toSeconds());
    assertThat(unit).contains("SuccessExitStatus=143\n");
  }

  /** Fails if an option does not exist or has an invalid value. */
  private static ParseResult serveOptions(List<String> arguments) {
    assertThat(arguments).startsWith("serve");
    return new CommandLine(new ServeCommand())
        .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));
  }

  private static String port(ParseResult options) {
    int port = Objects.requireNonNull(options.commandSpec().findOption("--port").getValue());
    return String.valueOf(port);
  }

  private static String containerPort(Map<?, ?> container) {
    return String.valueOf(map(list(container.get("ports")).get(0)).get("containerPort"));
  }

  private static Map<?, ?> pod(String file) throws IOException {
    return map(map(map(document(file, "Deployment").get("spec")).get("template")).get("spec"));
  }

  private static Map<?, ?> container(Map<?, ?> pod) {
    return map(list(pod.get("containers")).get(0));
  }

  private static Map<?, ?> document(String file, String kind) throws IOException {
    Load yaml = new Load(LoadSettings.builder().build());
    for (Object document : yaml.loadAllFromString(read("kubernetes/" + file))) {
      if (map(document).get("kind").equals(kind)) {
        return map(document);
      }
    }
    throw new AssertionError("no %s in %s".formatted(kind, file));
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static List<?> list(Object value) {
    return (List<?>) value;
  }

  private static List<String> strings(String json) {
    return Pattern.compile("\"([^\"]*)\"").matcher(json).results().map(m -> m.group(1)).toList();
  }

  private static String match(String text, String regex) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    assertThat(matcher.find()).describedAs(regex).isTrue();
    return matcher.group(1);
  }

  private static String read(String file) throws IOException {
    return Files.readString(DEPLOY.resolve(file));
  }
}
