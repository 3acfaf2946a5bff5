package dev.cxr.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.Main;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditCommandTest {

  @TempDir private Path folder;
  private Path data;
  private Path out;

  /** Every 40th image of the built-in sample. */
  @BeforeEach
  void writeDataset() throws IOException {
    data = folder.resolve("dataset");
    out = folder.resolve("results/audit");
    List<Xray> sample =
        DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
    for (int i = 0; i < sample.size(); i += 40) {
      Path file = data.resolve(sample.get(i).id());
      Files.createDirectories(file.getParent());
      PngEncoder.write(sample.get(i).source().read(), file);
    }
  }

  @Test
  void exitsWithZeroForAFitDataset() throws Exception {
    CapturedOutput<Integer> run = audit();
    assertThat(run.value()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("Audit of dataset: 32 images")
        .contains("images (patients)", "BACTERIAL_PNEUMONIA")
        .contains("No data leakage found")
        .contains("Written: " + out.resolve("audit.html"))
        .endsWith("Research software, not a medical device.\n");
    assertThat(out).isDirectoryContaining("glob:**audit.html");
    JsonObject json = json();
    assertThat(json.get("schemaVersion").getAsInt()).isEqualTo(2);
    assertThat(json.get("verdict").getAsString()).isEqualTo("fit");
    assertThat(json.getAsJsonObject("dataset").get("images").getAsInt()).isEqualTo(32);
    assertThat(json.getAsJsonArray("counts").get(0).getAsJsonObject().get("split").getAsString())
        .isEqualTo("train");
    assertThat(json.keySet())
        .containsExactly(
            "schemaVersion",
            "disclaimer",
            "verdict",
            "issues",
            "dataset",
            "counts",
            "unreadable",
            "leftOut",
            "duplicates",
            "nearDuplicates",
            "sharedPatients",
            "statistics",
            "shortcuts",
            "samples");
  }

  @Test
  void exitsWithOneForAnUnfitDataset() throws Exception {
    addUnreadableFile();
    CapturedOutput<Integer> run = audit();
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.out())
        .contains("Error    1 file cannot be decoded.")
        .contains("Not fit for training: 1 error would make results invalid.");
    assertThat(json().get("verdict").getAsString()).isEqualTo("unfit");
    assertThat(out.resolve("audit.html")).content().contains("Not fit for training");
  }

  @Test
  void exitsWithZeroIfErrorsAreAllowed() throws Exception {
    addUnreadableFile();
    CapturedOutput<Integer> run = audit("--allow-errors");
    assertThat(run.value()).isZero();
    assertThat(run.out())
        .contains("Allowed  1 file cannot be decoded.")
        .contains("Allowed by --allow-errors, although 1 error would make results invalid.");
    assertThat(json().get("verdict").getAsString()).isEqualTo("allowed");
    assertThat(json().getAsJsonArray("issues").get(0).getAsJsonObject())
        .satisfies(
            concern -> {
              assertThat(concern.get("kind").getAsString()).isEqualTo("unreadable");
              assertThat(concern.get("severity").getAsString()).isEqualTo("error");
            });
  }

  @Test
  void acceptsTheOldNameOfAllowErrors() throws Exception {
    addUnreadableFile();
    CapturedOutput<Integer> run = audit("--allow");
    assertThat(run.value()).isZero();
    assertThat(run.err()).contains("'--allow' is now '--allow-errors'");
  }

  @Test
  void writesEqualBytesForEqualDatasets() throws Exception {
    addUnreadableFile();
    audit();
    byte[] page = Files.readAllBytes(out.resolve("audit.html"));
    byte[] json = Files.readAllBytes(out.resolve("audit.json"));
    Path elsewhere = folder.resolve("else/where/dataset");
    Files.createDirectories(elsewhere.getParent());
    Files.move(data, elsewhere);
    data = elsewhere;
    out = folder.resolve("again");
    audit();
    assertThat(out.resolve("audit.html")).hasBinaryContent(page);
    assertThat(out.resolve("audit.json")).hasBinaryContent(json);
  }

  @Test
  void rejectsAFolderThatIsNoDataset() throws Exception {
    data = folder.resolve("nothing");
    CapturedOutput<Integer> run = audit();
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).contains("of X-rays; found nothing at");
    assertThat(folder.resolve("results")).doesNotExist();
  }

  @Test
  void rejectsAnExistingOutputFolder() throws Exception {
    Files.createDirectories(out);
    CapturedOutput<Integer> run = audit();
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).startsWith("cxr: Expected a new folder");
    assertThat(out).isEmptyDirectory();
    try (Stream<Path> around = Files.list(out.getParent())) {
      assertThat(around).containsExactly(out);
    }
  }

  @ParameterizedTest
  @CsvSource({"csv, a file with --format csv", "npz, a file", "synthetic, no --data"})
  void rejectsAFormatThatDoesNotMatch(String format, String expected) throws Exception {
    CapturedOutput<Integer> run = audit("--format", format);
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains("Expected " + expected);
  }

  @Test
  void rejectsAnUnknownOption() throws Exception {
    assertThat(audit("--allow-all").value()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  private CapturedOutput<Integer> audit(String... more) throws Exception {
    String[] arguments =
        Stream.concat(
                Stream.of("audit", "--data", data.toString(), "--out", out.toString()),
                Stream.of(more))
            .toArray(String[]::new);
    return CapturedOutput.during(() -> new Main().run(arguments));
  }

  private JsonObject json() throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve("audit.json"))).getAsJsonObject();
  }

  private void addUnreadableFile() throws IOException {
    Files.writeString(data.resolve("train/NORMAL/IM-7777-0001.png"), "no image");
  }
}
