package dev.cxr.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.ChildJvm;
import dev.cxr.models.bundle.TestBundles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A program that embeds cxr opens no connection. */
@EnabledForJreRange(max = JRE.JAVA_23, disabledReason = "needs a security manager")
class NoConnectionTest {

  @TempDir private static Path bundle;

  @BeforeAll
  static void write() throws IOException {
    TestBundles.write(bundle, TestBundles.manifest("compact-cnn", true, 1));
  }

  @Test
  void predictionOpensNoConnection() throws IOException {
    assertThat(outputOfProgram()).contains("decision: ").doesNotContain("connection: ");
  }

  /** Proves that the test above would see a connection. */
  @Test
  void explicitOptInConnectsToTheMetadataAddress() throws IOException {
    assertThat(outputOfProgram("-DOPT_OUT_TRACKING=false", "-Dai.djl.offline=false"))
        .contains("decision: ", "connection: ", "169.254.169.254");
  }

  private static String outputOfProgram(String... properties) throws IOException {
    List<String> options = new ArrayList<>(List.of(properties));
    options.addAll(List.of("-Xmx256m", "-Djava.security.manager=allow"));
    try (ChildJvm child =
        ChildJvm.start(
            Map.of(),
            options,
            EmbeddedProgram.class,
            bundle.toString(),
            bundle.resolve("golden.png").toString())) {
      return child.remainingOutput();
    }
  }
}
