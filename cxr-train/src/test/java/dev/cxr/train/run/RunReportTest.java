package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.train.loop.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run tells of itself once it has ended. */
class RunReportTest {

  @TempDir private static Path shared;
  private static Path data;
  private static Path run;

  /** Stopped once on the way. */
  @BeforeAll
  static void train() throws Exception {
    data = shared.resolve("data");
    SmallRun.writeImages(data);
    run = shared.resolve("run");
    SmallRun.trainAndStop(data, run, 8);
    assertThat(run.resolve("report.html")).as("before the end").doesNotExist();
    SmallRun.resume(data, run, new StopSignal());
  }

  private static JsonObject json() throws IOException {
    return JsonParser.parseString(Files.readString(run.resolve("report.json"))).getAsJsonObject();
  }

  @Test
  void jsonMatchesHistoryAndBundle() throws IOException {
    JsonObject report = json();
    JsonObject manifest =
        JsonParser.parseString(Files.readString(run.resolve("bundle/bundle.json")))
            .getAsJsonObject();
    assertThat(report.get("schemaVersion").getAsInt()).isEqualTo(2);
    for (String same :
        List.of(
            "name",
            "task",
            "architecture",
            "threshold",
            "validationMetrics",
            "data",
            "versions",
            "recipe")) {
      // A bundle omits what is null.
      assertThat(JsonParser.parseString(new Gson().toJson(report.get(same))))
          .as(same)
          .isEqualTo(manifest.get(same));
    }
    assertThat(report.get("keptEpoch")).isEqualTo(manifest.get("epoch"));
    JsonArray epochs = report.getAsJsonArray("epochs");
    List<String> history = Files.readAllLines(run.resolve("history.csv"));
    assertThat(epochs).hasSize(3).hasSize(history.size() - 1);
    JsonObject second = epochs.get(1).getAsJsonObject();
    assertThat(second.getAsJsonObject("metrics").get("val_loss").getAsString())
        .isEqualTo(history.get(2).split(",", -1)[3]);
    assertThat(second.get("seconds").getAsDouble()).isPositive();
    assertThat(second.get("imagesPerSecond").getAsDouble()).isPositive();
    assertThat(report.getAsJsonObject("ended").get("reason").getAsString())
        .startsWith("All 3 epochs done.");
    assertThat(report.get("next").getAsString())
        .endsWith(
            "\"evaluate --bundle %s --data %s --split validation\""
                .formatted(run.resolve("bundle"), data));
    assertThat(report.get("device").getAsString()).startsWith("CPU: ");
  }

  @Test
  void countsBothStarts() throws IOException {
    JsonObject time = json().getAsJsonObject("time");
    assertThat(time.get("starts").getAsInt()).isEqualTo(2);
    assertThat(time.get("killed").getAsInt()).isZero();
    double epochs = 0;
    for (var epoch : json().getAsJsonArray("epochs")) {
      epochs += epoch.getAsJsonObject().get("seconds").getAsDouble();
    }
    assertThat(time.get("seconds").getAsDouble()).isGreaterThanOrEqualTo(epochs - 0.01);
  }

  @Test
  void pageIsSelfContainedAndAccessible() throws IOException {
    String page = Files.readString(run.resolve("report.html"));
    assertThat(page)
        .contains("Training of quick", "All 3 epochs done.", "over 2 starts")
        .contains("<title id=\"loss-title\">", "<desc id=\"loss-text\">The training loss goes from")
        .contains("<title id=\"learning-rate-title\">")
        .contains("not a medical device", "evaluate --bundle")
        .doesNotContain("<script", "http://", "https://", "src=", "{{");
  }

  @Test
  void bundleContainsNoReport() throws IOException {
    assertThat(SmallRun.bundle(run).keySet())
        .noneMatch(name -> name.contains("report") || name.contains("tfevents"));
  }
}
