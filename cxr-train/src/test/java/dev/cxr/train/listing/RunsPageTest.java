package dev.cxr.train.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsPageTest {

  private static final Pattern LINE =
      Pattern.compile("<path class=\"(line-\\d dash-\\d)\" d=\"M\\d+\\.");

  @TempDir private Path folder;

  private RunsFixture fixture() {
    return new RunsFixture(folder);
  }

  private String page() throws IOException {
    return RunsPage.of(RunsFolder.read(folder), folder.resolve("pages/runs.html"));
  }

  private static int count(String page, String part) {
    return page.split(Pattern.quote(part), -1).length - 1;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 12, 13})
  void everyLineHasAStyleOfItsOwn(int runs) throws IOException {
    for (int i = 1; i <= runs; i++) {
      fixture().run("run-%02d".formatted(i), Map.of(), i, 3, "10:30:01.000Z  end");
    }
    String page = page();
    int shown = Math.min(12, runs);
    Set<String> styles = new TreeSet<>();
    Matcher lines = LINE.matcher(page);
    int total = 0;
    while (lines.find()) {
      styles.add(lines.group(1));
      total++;
    }
    assertThat(styles).hasSize(shown);
    assertThat(total).as("in three charts").isEqualTo(3 * shown);
    assertThat(count(page, "d=\"M0 4H24\"")).as("keys").isEqualTo(shown);
    assertThat(count(page, "<td>stopped</td>")).as("rows").isEqualTo(runs);
    assertThat(page.contains("Only the newest 12 of 13 runs are shown")).isEqualTo(runs == 13);
    assertThat(page.contains("id=\"differences\"")).isEqualTo(runs > 1);
    if (runs == 13) {
      assertThat(page.substring(page.indexOf("class=\"keys\""))).doesNotContain("run-01</li>");
    }
  }

  @Test
  void isSelfContained() throws IOException {
    String id = RunsFixture.id(fixture().finished("quick-001", Map.of(), 3, 0.95));
    fixture().finished("quick-002", Map.of("seed", "2"), 4, 0.9);
    fixture().comparison("comparison-001", id, RunsFixture.bundle(folder.resolve("b"), 0.7), 5);
    fixture().evaluation("evaluation-001", id, "synthetic", "test", 6, 0.81);
    fixture().result("audit-001", "audit.json", 5, "{}");
    Files.createDirectory(folder.resolve("empty"));
    assertThat(page())
        .contains("<td class=\"number\">0.950<small>0.900 to 0.990</small></td>")
        .contains("<td class=\"number\">0.810<small>0.500 to 0.980</small></td>")
        .contains("<tr><th scope=\"row\"><code>seed</code></th><td>2</td><td>1</td></tr>")
        .contains("At the best epoch: quick-002 0.920, quick-001 0.920.")
        .contains("<li>audit-001: audit</li>", "<code>empty</code>", "not a medical device")
        .doesNotContain("<script", "http://", "https://", "src=", "{{", "href=");
  }

  @Test
  void linksToTheReportsThatExist() throws IOException {
    Path run = fixture().finished("my run", Map.of(), 3, 0.95);
    fixture().finished("other", Map.of(), 3, 0.95);
    Files.createFile(run.resolve("report.html"));
    assertThat(page())
        .contains("<a href=\"../my%20run/report.html\">my run</a>")
        .contains("<th scope=\"row\">other</th>");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void escapesNames() throws IOException {
    fixture().run("<b>&", Map.of(), 3, 2, "");
    assertThat(page()).contains("&lt;b&gt;&amp;").doesNotContain("<b>&");
  }

  @Test
  void runWithoutEpochsHasNoCurve() throws IOException {
    fixture().run("quick-001", Map.of(), 3, 0, "");
    assertThat(page()).contains("killed").doesNotContain("id=\"curves\"");
    RunsFixture.train(folder.resolve("quick-001"), 3, 1, "");
    assertThat(page()).as("a single point is a circle").contains("<circle class=\"best line-0\"");
  }

  @Test
  void metricsOfMoreClassesHaveAColumn() throws IOException {
    Path run = fixture().finished("a", Map.of(), 3, 0.95);
    assertThat(page()).doesNotContain("accuracy of all classes");
    Path manifest = run.resolve("bundle/bundle.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"mcc\":", "\"classesAccuracy\": {\"value\": 0.625, \"n\": 8}, \"mcc\":"));
    assertThat(page()).contains("accuracy of all classes", "0.625");
    assertThat(RunsFolder.read(folder).select(List.of("a")).runs()).hasSize(1);
  }
}
