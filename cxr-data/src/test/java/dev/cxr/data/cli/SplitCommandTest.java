package dev.cxr.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.Main;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitCommandTest {

  @TempDir private Path folder;

  /** 100 patients with two images, 30 of them of pneumonia. */
  @BeforeEach
  void writeDataset() throws Exception {
    for (int i = 0; i < 100; i++) {
      String kind = i < 30 ? "PNEUMONIA" : "NORMAL";
      Path images = Files.createDirectories(folder.resolve("data").resolve(kind));
      Files.createFile(images.resolve("person%d_a.png".formatted(i)));
      Files.createFile(images.resolve("person%d_b.png".formatted(i)));
    }
  }

  @Test
  void dividesByPatientWithTheSameShareOfEveryClass() throws Exception {
    CapturedOutput<Integer> result = split("--out", path("one.csv"));
    assertThat(result.value()).isZero();
    DatasetIndex index = DatasetReader.read(path("one.csv"), ValidationSplitRule.DEFAULT);
    assertThat(index.splitRule()).isEqualTo("the validation split of the dataset");
    assertThat(counts(index, Split.TEST)).isEqualTo(Map.of("NORMAL", 28L, "PNEUMONIA", 12L));
    assertThat(counts(index, Split.VALIDATION)).isEqualTo(Map.of("NORMAL", 14L, "PNEUMONIA", 6L));
    assertThat(patients(index, Split.TRAIN))
        .hasSize(70)
        .doesNotContainAnyElementsOf(patients(index, Split.TEST))
        .doesNotContainAnyElementsOf(patients(index, Split.VALIDATION));
    assertThat(result.out()).contains("test            40 images of 20 patients", "Next:   ");
  }

  @Test
  void dependsOnTheSeedOnly() throws Exception {
    split("--out", path("one.csv"));
    split("--out", path("two.csv"));
    split("--out", path("three.csv"), "--seed", "1");
    assertThat(folder.resolve("two.csv")).hasSameTextualContentAs(folder.resolve("one.csv"));
    assertThat(Files.readString(folder.resolve("three.csv")))
        .isNotEqualTo(Files.readString(folder.resolve("one.csv")));
  }

  @Test
  void rejectsWhatHasSplitsAlready() throws Exception {
    split("--out", path("one.csv"));
    CapturedOutput<Integer> again =
        run("split", "--data", path("one.csv"), "--out", path("two.csv"));
    assertThat(again.value()).isEqualTo(1);
    assertThat(again.err()).contains("a dataset without a test split; found 40 test images");
    assertThat(folder.resolve("two.csv")).doesNotExist();
  }

  @Test
  void rejectsExistingFilesAndWrongFractions() throws Exception {
    split("--out", path("one.csv"));
    assertThat(split("--out", path("one.csv")).value()).isEqualTo(2);
    assertThat(split("--out", path("two.csv"), "--test-fraction", "0.95").value()).isEqualTo(2);
    assertThat(split("--out", path("two.csv"), "--test-fraction", "NaN").value()).isEqualTo(2);
  }

  private CapturedOutput<Integer> split(String... options) throws Exception {
    return run(
        Stream.concat(Stream.of("split", "--data", path("data")), Stream.of(options))
            .toArray(String[]::new));
  }

  private static CapturedOutput<Integer> run(String... arguments) throws Exception {
    return CapturedOutput.during(() -> new Main().run(arguments));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static Map<String, Long> counts(DatasetIndex index, Split split) {
    return index.inSplit(split).stream()
        .collect(Collectors.groupingBy(x -> x.finding().name(), Collectors.counting()));
  }

  private static Set<String> patients(DatasetIndex index, Split split) {
    List<Xray> xrays = index.inSplit(split);
    return xrays.stream().map(Xray::patient).collect(Collectors.toSet());
  }
}
