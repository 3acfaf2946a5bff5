package dev.cxr.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.common.testing.ChildJvm;
import dev.cxr.data.index.Task;
import dev.cxr.eval.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateFiguresTest {

  private static final int SIDE = 32;

  @TempDir private static Path shared;
  private static Path dataset = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeDataset() throws IOException {
    dataset = TestDataset.write(shared.resolve("children"));
  }

  private Path bundle(Task task) throws IOException {
    return TestBundle.write(scratch.resolve("bundle"), task, SIDE, false, 0.5);
  }

  private Path out() {
    return scratch.resolve("out");
  }

  private Path figures() {
    return scratch.resolve("figures");
  }

  private CommandResult evaluate(Path bundle, Path data, Path figures) {
    return EvalCommands.run(
        "evaluate", bundle, data, out(), "--quick", "--figures", figures.toString());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(figures())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "binary, roc precision-recall calibration confusion",
    "subtype, roc precision-recall calibration confusion",
    "three-class, roc precision-recall calibration confusion-classes confusion confusion-cascade",
    "anomaly, roc precision-recall confusion",
  })
  void writesTheFiguresOfATask(Task task, String expected) throws IOException {
    CommandResult run = evaluate(bundle(task), dataset, figures());
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> all = List.of((expected + " training-loss training-accuracy").split(" "));
    assertThat(run.out()).contains(String.join(", ", all));
    assertThat(names())
        .containsExactlyElementsOf(
            all.stream()
                .flatMap(name -> Stream.of(name + ".svg", name + ".png", name + ".pdf"))
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(run.out().contains("Left out: calibration: an anomaly score is not a probability"))
        .isEqualTo(task.equals(Task.ANOMALY));
  }

  @Test
  void rocShowsTheAreaWithItsIntervalAndTheImages() throws IOException {
    assertThat(evaluate(bundle(Task.BINARY), dataset, figures()).exitCode()).isZero();
    JsonObject metrics =
        JsonParser.parseString(Files.readString(out().resolve("metrics.json"))).getAsJsonObject();
    JsonObject auroc =
        metrics.getAsJsonObject("metrics").getAsJsonObject("binary").getAsJsonObject("auroc");
    JsonObject interval = auroc.getAsJsonObject("byPatient").getAsJsonObject("interval");
    String svg = Files.readString(figures().resolve("roc.svg")).replaceAll("</?text[^>]*>", "");
    assertThat(svg)
        .contains(
            String.format(
                Locale.ROOT,
                "AUROC %.3f (%.3f to %.3f)",
                auroc.get("value").getAsDouble(),
                interval.get("low").getAsDouble(),
                interval.get("high").getAsDouble()))
        .contains("operating threshold 0.500", "40 images of 20 patients, 30 of them")
        .doesNotContain("Synthetic");
  }

  @Test
  void leavesOutWhatIsNotDefinedAndReportsWhy() throws IOException {
    Path normals = scratch.resolve("normals");
    TestDataset.write(normals, "train", 160, 1000);
    TestDataset.write(normals, "test", 2, 5000);
    Path bundle = TestBundle.withHistory(scratch.resolve("bundle"), SIDE, "epoch,train_loss\n");
    CommandResult run = evaluate(bundle, normals, figures());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("Left out: roc: not defined, .+")
        .containsPattern("Left out: precision-recall: not defined, .+")
        .contains("Left out: training curves: the bundle's history.csv has no epochs");
    assertThat(names()).contains("confusion.pdf").doesNotContain("roc.svg", "training-loss.svg");
  }

  @Test
  void showsEveryTrainingOfACombination() throws IOException {
    String history = "step,epoch,train_loss,val_loss\nfirst/one,1,0.7,0.8\nsecond,1,0.5,0.6\n";
    Path bundle = TestBundle.withHistory(scratch.resolve("bundle"), SIDE, history);
    assertThat(evaluate(bundle, dataset, figures()).exitCode()).isZero();
    assertThat(names())
        .contains("training-first-one-loss.svg", "training-second-loss.svg")
        .doesNotContain("training-loss.svg", "training-second-accuracy.svg");
    assertThat(Files.readString(figures().resolve("training-first-one-loss.svg")))
        .contains("Training on training: part first/one.")
        .doesNotContain("kept epoch");
  }

  @Test
  void aDamagedHistoryLeavesTheReport() throws IOException {
    String history = "epoch,train_loss\n1,much\n";
    Path bundle = TestBundle.withHistory(scratch.resolve("bundle"), SIDE, history);
    CommandResult run = evaluate(bundle, dataset, figures());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("history.csv", "much", "train it again");
    assertThat(out().resolve("report.html")).exists();
    assertThat(figures()).doesNotExist();
  }

  @Test
  void refusesAnExistingFolderBeforeItPredicts() throws IOException {
    Files.createDirectory(figures());
    CommandResult run = evaluate(bundle(Task.BINARY), dataset, figures());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("a new folder to write", figures().toString());
    assertThat(out()).doesNotExist();
  }

  @Test
  void refusesFoldersWithinEachOther() throws IOException {
    Path bundle = bundle(Task.BINARY);
    for (Path figures : List.of(out(), out().resolve("figures"), scratch)) {
      CommandResult run = evaluate(bundle, dataset, figures);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--figures outside the folder of --out");
    }
    assertThat(out()).doesNotExist();
  }

  @Test
  void loadsNoPdfLibraryWithoutTheOption() throws IOException {
    Path log = scratch.resolve("classes.log");
    try (ChildJvm child =
        ChildJvm.start(
            Map.of(),
            List.of("-Xmx512m", "-Xlog:class+load:file=" + log),
            Main.class,
            "evaluate",
            "--no-relaunch",
            "--quick",
            "--bundle",
            bundle(Task.BINARY).toString(),
            "--data",
            dataset.toString(),
            "--out",
            out().toString())) {
      assertThat(child.remainingOutput()).contains("report.html");
    }
    assertThat(Files.readString(log))
        .contains("dev.cxr.eval.report.EvaluationWriter")
        .doesNotContain("org.apache.pdfbox", "com.github.weisj", "java.awt.Font ");
  }
}
