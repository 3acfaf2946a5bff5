package dev.cxr.serve.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.Main;
import dev.cxr.serve.folder.FolderPredictor.FolderSummary;
import dev.cxr.serve.support.RandomBundle;
import java.awt.image.BufferedImage;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderPredictorTest {

  private static Path bundleFolder;
  private static Bundle bundle;

  @TempDir private Path folder;
  private Path input = Path.of("");
  private Path csv = Path.of("");

  @BeforeAll
  static void createBundle(@TempDir Path scratch) throws Exception {
    bundleFolder = RandomBundle.write(scratch.resolve("bundle"));
    bundle = Bundle.open(bundleFolder);
  }

  @BeforeEach
  void createImages() throws Exception {
    input = folder.resolve("xrays");
    Path ward = Files.createDirectories(input.resolve("ward, east"));
    for (int i = 0; i < 4; i++) {
      Files.write(ward.resolve("a%d.jpeg".formatted(i)), dev.cxr.serve.support.TestImages.jpeg(i));
    }
    Files.write(input.resolve("b.PNG"), dev.cxr.serve.support.TestImages.png(1));
    Files.write(input.resolve("IM0001"), dev.cxr.serve.support.TestImages.dicom(2));
    Files.writeString(input.resolve(".DS_Store"), "x");
    Files.writeString(input.resolve("notes.txt"), "x");
    csv = folder.resolve("out/predictions.csv");
  }

  private FolderSummary predict(Optional<Path> heatmaps) throws Exception {
    return new FolderPredictor(bundle, csv, heatmaps).predict(find(input));
  }

  private static List<FoundImage> find(Path... inputs) throws Exception {
    return ImageFinder.find(List.of(inputs), Integer.MAX_VALUE, "--input").images();
  }

  private List<CSVRecord> rows() throws Exception {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader in = Files.newBufferedReader(csv);
        CSVParser parser = format.parse(in)) {
      return parser.getRecords();
    }
  }

  @Test
  void writesOneRowPerImage() throws Exception {
    FolderSummary outcome = predict(Optional.empty());
    assertThat(outcome.predicted()).isEqualTo(6);
    assertThat(outcome.unreadable()).isEmpty();
    List<CSVRecord> rows = rows();
    assertThat(rows).hasSize(6);
    assertThat(rows.get(0).getParser().getHeaderNames())
        .containsExactly("path", "p_NORMAL", "p_PNEUMONIA", "decision");
    try (Classifier classifier = Classifier.load(bundle)) {
      for (CSVRecord row : rows) {
        double expected =
            classifier
                .probabilities(List.of(ImageDecoder.decode(input.resolve(row.get("path")))))[0][1];
        double found = Double.parseDouble(row.get("p_PNEUMONIA"));
        assertThat(found).isCloseTo(expected, within(1e-4));
        assertThat(row.get("decision")).isEqualTo(found >= 0.5 ? "PNEUMONIA" : "NORMAL");
      }
    }
    assertThat(csv.resolveSibling("predictions.csv.unfinished")).doesNotExist();
  }

  @Test
  void skipsFilesThatAreNotImages() throws Exception {
    assertThat(find(input))
        .extracting(FoundImage::name)
        .containsExactlyInAnyOrder(
            "IM0001",
            "b.PNG",
            "ward, east/a0.jpeg",
            "ward, east/a1.jpeg",
            "ward, east/a2.jpeg",
            "ward, east/a3.jpeg");
  }

  @Test
  void sameNameInTwoFoldersBecomesUnique() throws Exception {
    assertThat(find(input, input)).extracting(FoundImage::name).doesNotHaveDuplicates();
  }

  @Test
  void rejectsMissingOrEmptyInput() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> find(empty)).isInstanceOf(UserErrorException.class);
    assertThatThrownBy(() -> find(folder.resolve("nope")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("nope");
  }

  /** Two batches, with an unreadable file in each. */
  private List<FoundImage> twoBatches() throws Exception {
    for (int i = 0; i < 20; i++) {
      Files.write(input.resolve("c%02d.png".formatted(i)), dev.cxr.serve.support.TestImages.png(i));
    }
    Files.write(
        input.resolve("bad1.jpeg"), Arrays.copyOf(dev.cxr.serve.support.TestImages.jpeg(0), 900));
    Files.write(
        input.resolve("z.jpeg"), Arrays.copyOf(dev.cxr.serve.support.TestImages.jpeg(0), 900));
    return find(input);
  }

  @Test
  void sameImagesGiveTheSameBytes() throws Exception {
    List<FoundImage> images = twoBatches();
    FolderPredictor predictor = new FolderPredictor(bundle, csv, Optional.empty());
    assertThat(predictor.predict(images).unreadable()).hasSize(2);
    byte[] first = Files.readAllBytes(csv);
    assertThat(predictor.predict(images).resumed()).isZero();
    assertThat(csv).hasBinaryContent(first);

    List<CSVRecord> rows = rows();
    for (int logged = 0; logged <= rows.size(); logged += 3) { // interrupted after so many rows
      try (PredictionLog log = PredictionLog.open(csv, bundle.id() + "-pytorch-float32", 4)) {
        for (CSVRecord row : rows.subList(0, logged)) {
          int position = images.indexOf(image(images, row.get("path")));
          log.append(batch(images, position), List.of(row.toList()));
        }
      }
      predictor.predict(images);
      assertThat(csv).as("%d rows logged", logged).hasBinaryContent(first);
    }
  }

  private static FoundImage image(List<FoundImage> images, String name) {
    return images.stream().filter(image -> image.name().equals(name)).findFirst().orElseThrow();
  }

  private static FileBatch batch(List<FoundImage> images, int position) {
    int begin = position / 16 * 16;
    return FileBatch.of(images.subList(begin, Math.min(begin + 16, images.size())));
  }

  @Test
  void resumesOnlyWithTheSameComputation() throws Exception {
    FileBatch batch = batch(find(input), 0);
    try (PredictionLog log = PredictionLog.open(csv, bundle.id() + "-onnx-float32", 4)) {
      log.append(batch, logRows(batch));
    }
    FolderSummary outcome = predict(Optional.empty());
    assertThat(outcome.resumed()).isZero();
    assertThat(outcome.predicted()).isEqualTo(6);
    assertThat(outcome.computation()).hasToString("PyTorch with float32");
  }

  @Test
  void resumesAfterInterruption() throws Exception {
    List<FoundImage> images = twoBatches();
    Files.delete(image(images, "bad1.jpeg").path());
    List<FoundImage> readable = find(input);
    FileBatch first = batch(readable, 0);
    FileBatch second = batch(readable, 16);
    try (PredictionLog log = PredictionLog.open(csv, bundle.id() + "-pytorch-float32", 4)) {
      log.append(first, logRows(first));
      log.append(second, logRows(second));
    }
    Path unfinished = csv.resolveSibling("predictions.csv.unfinished");
    Files.writeString(
        unfinished,
        Files.readString(unfinished) + "cut in the mid"); // as if the process was killed
    Files.writeString(second.images().get(0).path(), "no longer an image");

    FolderSummary outcome = predict(Optional.empty());

    assertThat(outcome.resumed()).isEqualTo(16);
    assertThat(outcome.predicted()).isEqualTo(second.images().size() - 2);
    assertThat(outcome.unreadable()).hasSize(2);
    assertThat(rows()).hasSize(16 + second.images().size() - 2);
    assertThat(rows().subList(0, 16)).allMatch(row -> row.get("p_NORMAL").equals("0.25"));
    assertThat(rows().subList(16, rows().size()))
        .as("predicted again with their batch")
        .noneMatch(row -> row.get("p_NORMAL").equals("0.25"));
  }

  private static List<List<String>> logRows(FileBatch batch) {
    return batch.images().stream()
        .map(image -> List.of(image.name(), "0.25", "0.75", "PNEUMONIA"))
        .toList();
  }

  @Test
  void ignoresLogOfAnotherBundle() throws Exception {
    FileBatch batch = batch(find(input), 0);
    try (PredictionLog log = PredictionLog.open(csv, "000000000000", 4)) {
      log.append(batch, logRows(batch));
    }
    assertThat(predict(Optional.empty()).resumed()).isZero();
  }

  @Test
  void unreadableFilesAreListedAndCountedInExitCode() throws Exception {
    Files.writeString(input.resolve("bad1.png"), "not an image");
    Files.write(
        input.resolve("bad2.jpeg"), Arrays.copyOf(dev.cxr.serve.support.TestImages.jpeg(0), 900));
    FolderSummary outcome = predict(Optional.empty());
    assertThat(outcome.unreadable())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("bad1.png", "expected"))
        .anySatisfy(line -> assertThat(line).contains("bad2.jpeg"));
    assertThat(rows()).hasSize(6);
    assertThat(runPredict()).isEqualTo(2);
  }

  /** Runs the command; returns its exit code. */
  private int runPredict(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                "--no-relaunch",
                "--bundle",
                bundleFolder.toString(),
                "--input",
                input.toString(),
                "--out",
                csv.toString()));
    arguments.addAll(List.of(more));
    return new Main().run(arguments.toArray(String[]::new));
  }

  @Test
  void everyEnginePredictsTheSame() throws Exception {
    List<List<String>> expected = rowsPredictedBy("pytorch");
    List<List<String>> found = rowsPredictedBy("onnx");
    assertThat(found).as("the same engine").hasSameSizeAs(expected).isNotEqualTo(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i).get(0)).isEqualTo(expected.get(i).get(0));
      assertThat(Double.parseDouble(found.get(i).get(1)))
          .isCloseTo(Double.parseDouble(expected.get(i).get(1)), within(1e-5));
    }
  }

  private List<List<String>> rowsPredictedBy(String engine) throws Exception {
    try {
      assertThat(runPredict("--engine", engine)).isZero();
      return rows().stream().map(CSVRecord::toList).toList();
    } finally {
      System.clearProperty("cxr.engine");
    }
  }

  @Test
  void writesHeatmapOverlays() throws Exception {
    Path heatmaps = folder.resolve("heat");
    predict(Optional.of(heatmaps));
    BufferedImage overlay = ImageIO.read(heatmaps.resolve("ward, east/a0.jpeg.png").toFile());
    assertThat(overlay.getWidth()).isEqualTo(dev.cxr.serve.support.TestImages.image(0).width());
    assertThat(heatmaps.resolve("IM0001.png")).exists();
    Files.delete(heatmaps.resolve("IM0001.png"));
    predict(Optional.of(heatmaps));
    assertThat(heatmaps.resolve("IM0001.png")).exists();
  }
}
