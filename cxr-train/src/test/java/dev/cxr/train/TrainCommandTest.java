package dev.cxr.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

  @TempDir private Path temporary;
  private Path data;
  private Path out;

  /** What a command printed, and its exit code. */
  private record Result(int exitCode, String out, String err) {}

  @BeforeEach
  void drawASmallCollection() throws IOException {
    data = temporary.resolve("data");
    out = temporary.resolve("out");
    List<Xray> sample = Catalogue.open(Catalogue.SYNTHETIC, ValidationRule.DEFAULT).in(Split.TRAIN);
    for (Xray xray : sample.subList(0, 40)) {
      write(xray);
    }
    for (Xray xray : sample.subList(sample.size() - 40, sample.size())) {
      write(xray);
    }
  }

  private void write(Xray xray) throws IOException {
    Path file = data.resolve(xray.id());
    Files.createDirectories(file.getParent());
    PngEncoder.write(Resampler.resize(xray.source().read(), 32, 32), file);
  }

  private Result train(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--no-relaunch", "--data", data.toString(), "--out", out.toString()));
    for (String setting :
        List.of("side=32", "epochs=2", "batch-size=16", "validation.fraction=0.3")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
      int exitCode = new Main().run(arguments.toArray(String[]::new));
      return new Result(
          exitCode,
          stdout.toString(StandardCharsets.UTF_8),
          stderr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }

  @Test
  void trainsABundleThatLoadsAndSaysWhatToTypeNext() throws IOException {
    Result result = train();
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    Path bundle = out.resolve("bundle");
    assertThat(result.out())
        .contains("AUROC", "specificity", "Bundle: " + bundle)
        .contains("evaluate --bundle " + bundle + " --data " + data)
        .contains("not a medical device");
    assertThat(out.resolve("curves.png")).isNotEmptyFile();
    assertThat(out.resolve("run.log")).content().contains("epoch 2", "img/s");
    assertThat(bundle.resolve("history.csv")).content().hasLineCount(3);
    Classifier.load(Bundle.open(bundle)).close();
  }

  @Test
  void sameSeedGivesTheSameBundleByteForByteAndAnotherSeedAnother() throws IOException {
    train();
    Map<String, byte[]> first = files(out.resolve("bundle"));
    out = temporary.resolve("again");
    train();
    Map<String, byte[]> second = files(out.resolve("bundle"));
    assertThat(second.keySet()).isEqualTo(first.keySet());
    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
    out = temporary.resolve("other");
    train("--set", "seed=2");
    assertThat(files(out.resolve("bundle")).get("history.csv"))
        .isNotEqualTo(first.get("history.csv"));
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  void stopsWhenTheValidationLossNoLongerFallsAndKeepsTheBestEpoch() throws IOException {
    Result result =
        train(
            "--set",
            "epochs=50",
            "--set",
            "early-stopping.patience=1",
            "--set",
            "early-stopping.min-delta=1000");
    assertThat(result.out()).contains("Stopped").contains("Best: epoch 1.");
    assertThat(Bundle.open(out.resolve("bundle")).manifest().epoch()).isEqualTo(1);
    assertThat(out.resolve("bundle/history.csv")).content().hasLineCount(3);
  }

  @Test
  void oneClassOnlyIsRefusedAndLeavesNothing() throws IOException {
    try (Stream<Path> normals = Files.list(data.resolve("train/NORMAL"))) {
      for (Path file : normals.toList()) {
        Files.delete(file);
      }
    }
    assertRefused(train(), 1, "NORMAL=0", "A model learns to tell classes apart");
  }

  @Test
  void anUnreadablePictureIsRefusedByNameAndLeavesNothing() throws IOException {
    Files.writeString(data.resolve("train/NORMAL/IM-9999-0001.jpeg"), "no picture");
    assertRefused(train(), 1, "train/NORMAL/IM-9999-0001.jpeg", "Mend or remove it");
  }

  @Test
  void aFolderThatIsNoCollectionIsRefusedAndLeavesNothing() {
    data = temporary.resolve("nowhere");
    assertRefused(train(), 1, "nothing at " + data, "Give a folder");
  }

  @Test
  void anUnknownRecipeKeyOrOptionIsWrongUsage() {
    assertRefused(train("--set", "epoch=3"), 2, "'epoch'", "'epochs'");
    assertRefused(train("--colour", "red"), 2, "Unknown option", "--help");
    assertRefused(train("--recipe", "nonesuch"), 2, "'nonesuch'", "binary");
  }

  @Test
  void aRunThatWouldOverwriteAnotherIsRefused() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("precious.txt"), "kept");
    Result result = train();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("exists already");
    assertThat(files(out).keySet()).containsExactly("precious.txt");
  }

  private void assertRefused(Result result, int exitCode, String... words) {
    assertThat(result.err()).contains(words).doesNotContain("\tat ");
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(out).doesNotExist();
    assertThat(temporary.toFile().list()).noneMatch(name -> name.contains("unfinished"));
  }

  @Test
  void benchPrintsTheCeilingTheLoopAndTheirRatio() {
    PrintStream realOut = System.out;
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    int exitCode;
    try {
      System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
      exitCode =
          new Main()
              .run(
                  "bench",
                  "--no-relaunch",
                  "--rounds",
                  "2", // the first goes through more than one epoch
                  "--batches",
                  "2",
                  "--data",
                  data.toString(),
                  "--set",
                  "side=32",
                  "--set",
                  "batch-size=16",
                  "--set",
                  "validation.fraction=0.3");
    } finally {
      System.setOut(realOut);
    }
    assertThat(exitCode).isZero();
    assertThat(stdout.toString(StandardCharsets.UTF_8))
        .contains("the ceiling", "real training loop", "making batches alone", "loop / ceiling")
        .contains("batches alone / loop")
        .containsPattern("(?s)the same, every augmentation.*the same, every augmentation");
  }
}
