package dev.cxr.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.Main;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentCommandTest {

  /** The position of the first image, and the distance of the next. */
  private static final int MARGIN = 12;

  private static final int GAP = 8;

  @TempDir private Path folder;

  @Test
  void showsTheStoredImageFirst() throws Exception {
    GrayImage sheet = sheet("--side", "64");
    GrayImage stored =
        Resampler.resize(
            DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT)
                .xrays()
                .get(0)
                .source()
                .read(),
            64,
            64);
    assertThat(tile(sheet, 64, 0)).isEqualTo(stored);
    List<GrayImage> tiles = new ArrayList<>();
    for (int column = 0; column < 6; column++) {
      tiles.add(tile(sheet, 64, column));
    }
    assertThat(tiles.subList(1, 6)).doesNotHaveDuplicates();
  }

  @Test
  void showsAnImageOfTheUser() throws Exception {
    byte[] pixels = new byte[40 * 40];
    Arrays.fill(pixels, (byte) 77);
    Path own = folder.resolve("own.png");
    PngEncoder.write(new GrayImage(40, 40, pixels), own);
    GrayImage sheet = sheet("--image", own.toString(), "--side", "40");
    assertThat(tile(sheet, 40, 0).pixels()).containsOnly(77);
    assertThat(sheet.width()).isEqualTo(2 * MARGIN + 6 * 40 + 5 * GAP);
  }

  @Test
  void isDeterministic() throws Exception {
    GrayImage first = sheet("--side", "32");
    assertThat(sheet("--side", "32")).isEqualTo(first);
  }

  @Test
  void drawsRandomAugmentationsOfTheChosenKinds() throws Exception {
    GrayImage all = sheet("--random", "--side", "32");
    assertThat(sheet("--random", "--side", "32", "--seed", "2"))
        .as("the second image is the third of seed 1")
        .satisfies(next -> assertThat(tile(next, 32, 1)).isEqualTo(tile(all, 32, 2)));
    GrayImage brighter = sheet("--random", "--side", "32", "--set", "brightness=0.2..0.4");
    assertThat(mean(tile(brighter, 32, 1))).isGreaterThan(mean(tile(brighter, 32, 0)) + 20);
  }

  private static double mean(GrayImage image) {
    return IntStream.range(0, image.pixels().length)
        .map(i -> image.pixels()[i] & 0xFF)
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "--side,    2000,           'Expected 32 to 1024 for --side; found 2000'",
    "--set,     zoom=1.2,       'two numbers, such as 0.85..1.2, not 1.2'",
    "--set,     zoom=1..9,      'zoom: within 0.5..2.0, not 1.0..9.0'",
    "--set,     zoom=1.2..0.85, 'a range from less to more, not 1.2..0.85'",
    "--set,     tilt=1..2,      'tilt'",
  })
  void rejectsInvalidValuesAndKeepsTheExistingSheet(String option, String value, String message)
      throws Exception {
    Path out = Files.writeString(folder.resolve("out.png"), "precious");
    CapturedOutput<Integer> run = run("augment", "--out", out.toString(), option, value);
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(out).hasContent("precious");
    assertThat(folder).isDirectoryNotContaining("regex:.*unfinished.*");
  }

  @Test
  void rejectsAFileThatIsNoImage() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.png"), "no image");
    CapturedOutput<Integer> run =
        run("augment", "--image", text.toString(), "--out", folder + "/o.png");
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).contains("notes.png").doesNotContain("\tat ");
    assertThat(folder.resolve("o.png")).doesNotExist();
  }

  private GrayImage sheet(String... more) throws Exception {
    Path out = folder.resolve("sheets/sheet.png");
    List<String> arguments = new ArrayList<>(List.of("augment", "--out", out.toString()));
    arguments.addAll(List.of(more));
    CapturedOutput<Integer> run = run(arguments.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.value()).isZero();
    GrayImage sheet = ImageDecoder.decode(out);
    assertThat(run.out())
        .contains("Written: " + out)
        .contains(sheet.width() + " x " + sheet.height());
    return sheet;
  }

  private static CapturedOutput<Integer> run(String... arguments) throws Exception {
    return CapturedOutput.during(() -> new Main().run(arguments));
  }

  /** An image of the first row. */
  private static GrayImage tile(GrayImage sheet, int side, int column) {
    byte[] pixels = new byte[side * side];
    for (int y = 0; y < side; y++) {
      int from = (MARGIN + y) * sheet.width() + MARGIN + column * (side + GAP);
      System.arraycopy(sheet.pixels(), from, pixels, y * side, side);
    }
    return new GrayImage(side, side, pixels);
  }
}
