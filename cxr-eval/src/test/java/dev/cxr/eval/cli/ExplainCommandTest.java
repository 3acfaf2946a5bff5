package dev.cxr.eval.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

  private static final int SIDE = 32;

  @TempDir private static Path shared;
  private static Path bundle = Path.of("");
  private static Path images = Path.of("");

  @TempDir private Path scratch;

  @BeforeAll
  static void writeImagesAndBundle() throws IOException {
    bundle = TestBundle.write(shared.resolve("bundle"), Task.THREE_CLASS, SIDE, false, 0.5);
    images = Files.createDirectories(shared.resolve("images"));
    Path deeper = Files.createDirectories(images.resolve("deeper/still"));
    GrayImage first = new ImageSource.SyntheticSource(Finding.NORMAL, 1, 1, 90).read();
    GrayImage second = new ImageSource.SyntheticSource(Finding.VIRAL_PNEUMONIA, 2, 2, 80).read();
    PngEncoder.write(first, images.resolve("a b.png"));
    BufferedImage jpeg = new BufferedImage(80, 80, BufferedImage.TYPE_BYTE_GRAY);
    byte[] raster = ((DataBufferByte) jpeg.getRaster().getDataBuffer()).getData();
    System.arraycopy(second.pixels(), 0, raster, 0, raster.length);
    ImageIO.write(jpeg, "jpeg", deeper.resolve("a b.jpeg").toFile());
    Files.writeString(images.resolve("notes.txt"), "no picture\n");
    Files.writeString(images.resolve(".hidden.png"), "no picture\n");
  }

  private Path out() {
    return scratch.resolve("out");
  }

  private CommandResult explain(Path input, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "explain",
                "--no-relaunch",
                "--bundle",
                bundle.toString(),
                "--input",
                input.toString(),
                "--out",
                out().toString()));
    arguments.addAll(List.of(more));
    return CommandResult.run(arguments.toArray(String[]::new));
  }

  private JsonObject json() throws IOException {
    return JsonParser.parseString(Files.readString(out().resolve("explanations.json")))
        .getAsJsonObject();
  }

  @Test
  void explainsEveryImageInFolderUnderUniqueName() throws IOException {
    CommandResult run = explain(images);
    assertThat(run.exitCode()).as(run.err()).isZero();
    try (Stream<Path> files = Files.list(out())) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "report.html",
              "explanations.json",
              "001-a_b-gradcam.png",
              "001-a_b-maps.png",
              "002-a_b-gradcam.png",
              "002-a_b-maps.png");
    }
    BufferedImage drawn = ImageIO.read(out().resolve("001-a_b-gradcam.png").toFile());
    assertThat(List.of(drawn.getWidth(), drawn.getHeight())).containsExactly(90, 90);
    assertThat(run.out()).contains("not where a disease is").contains("not a medical device");
    assertThat(Files.readString(out().resolve("report.html")))
        .contains("not where a disease is", "a b.png", "a b.jpeg")
        .doesNotContain("http://", "https://", "<script", "url(");
  }

  @Test
  void explainsPredictedClassByDefault() throws IOException {
    assertThat(explain(images.resolve("a b.png")).exitCode()).isZero();
    JsonObject one = json().getAsJsonArray("explanations").get(0).getAsJsonObject();
    GrayImage picture = ImageDecoder.decode(images.resolve("a b.png"));
    try (Classifier classifier = Classifier.load(Bundle.open(bundle))) {
      double[] expected = classifier.probabilities(List.of(picture))[0];
      double most = 0;
      String answer = "";
      for (int c = 0; c < 3; c++) {
        String name = Task.THREE_CLASS.classes().get(c);
        double found = one.getAsJsonObject("probabilities").get(name).getAsDouble();
        assertThat(found).isCloseTo(expected[c], within(1e-6));
        if (found > most) {
          most = found;
          answer = name;
        }
      }
      assertThat(one.get("predicted").getAsString()).isEqualTo(answer);
      assertThat(one.get("explainedClass").getAsString()).isEqualTo(answer);
      float[][] heat = classifier.gradCam(picture, answer, "dropout4");
      boolean any = Stream.of(heat).anyMatch(row -> hasPositive(row));
      assertThat(one.get("hasEvidence").getAsBoolean()).isEqualTo(any);
    }
  }

  private static boolean hasPositive(float[] row) {
    for (float value : row) {
      if (value > 0) {
        return true;
      }
    }
    return false;
  }

  @Test
  void explainsRequestedClassAndLayer() throws IOException {
    assertThat(
            explain(images.resolve("a b.png"), "--class", "VIRAL_PNEUMONIA", "--layer", "conv1")
                .exitCode())
        .isZero();
    JsonObject json = json();
    assertThat(json.get("layer").getAsString()).isEqualTo("conv1");
    JsonElement one = json.getAsJsonArray("explanations").get(0);
    assertThat(one.getAsJsonObject().get("explainedClass").getAsString())
        .isEqualTo("VIRAL_PNEUMONIA");
    BufferedImage maps = ImageIO.read(out().resolve("001-a_b-maps.png").toFile());
    // 32 maps of 32 x 32 in six columns and six rows, two pixels apart
    assertThat(maps.getWidth()).isEqualTo(6 * 34 - 2);
    assertThat(maps.getHeight()).isEqualTo(6 * 34 - 2);
  }

  @Test
  void rejectsMissingInputAndLeavesNoFiles() {
    Path picture = images.resolve("a b.png");
    assertFails(explain(picture, "--class", "FLU"), 2, "a class of NORMAL");
    assertFails(explain(picture, "--layer", "conv9"), 2, "found 'conv9'");
    assertFails(explain(picture, "--layer", "dense"), 2, "feature maps");
    assertFails(explain(scratch.resolve("nowhere.png")), 1, "nothing at");
    assertFails(explain(images.resolve("notes.txt")), 1, "notes.txt");
  }

  @Test
  void explainsTheReadableImagesAndCountsTheOthersInTheExitCode() throws IOException {
    Path mixed = Files.createDirectory(scratch.resolve("mixed"));
    Files.copy(images.resolve("a b.png"), mixed.resolve("good.png"));
    byte[] png = Files.readAllBytes(images.resolve("a b.png"));
    Files.write(mixed.resolve("a.png"), Arrays.copyOf(png, png.length / 2));
    Files.writeString(mixed.resolve("b.jpg"), "<html>");
    Files.writeString(mixed.resolve("notes.txt"), "no picture\n");
    Files.createSymbolicLink(mixed.resolve("gone.png"), Path.of("nowhere"));

    CommandResult run = explain(mixed);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.out())
        .contains(mixed.resolve("good.png") + ": ")
        .contains("1 file that is no JPEG, PNG, TIFF or DICOM (notes.txt)");
    assertThat(run.err())
        .contains("3 could not be read:", "gone.png: a link to nothing")
        .contains(mixed.resolve("a.png") + ": ", mixed.resolve("b.jpg") + ": ");
    assertThat(json().getAsJsonArray("explanations")).hasSize(1);
    assertThat(json().getAsJsonArray("unreadable")).hasSize(2);
    assertThat(out().resolve("001-good-gradcam.png")).isRegularFile();
  }

  @Test
  void rejectsFolderWithoutImages() throws IOException {
    Path empty = Files.createDirectory(scratch.resolve("empty"));
    Files.writeString(empty.resolve("notes.txt"), "no picture\n");
    assertFails(explain(empty), 1, "none in " + empty);
  }

  private void assertFails(CommandResult run, int exitCode, String found) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).contains(found).doesNotContain("\tat ");
    assertThat(out()).doesNotExist();
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
  void explainsDicomFiles() {
    Path dicom = Path.of(System.getenv("CXR_DATA_DIR"), "dicom");
    CommandResult run = explain(dicom.resolve("bacteria_mono1_12bit_explicit.dcm"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(out().resolve("001-bacteria_mono1_12bit_explicit-gradcam.png")).isRegularFile();
  }
}
