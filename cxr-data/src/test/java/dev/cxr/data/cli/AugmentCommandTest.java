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
    GrayImage sheet = sheet("--side", "64", "--columns", "4", "--rows", "2");
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
    for (int column = 0; column < 4; column++) {
      tiles.add(tile(sheet, 64, column));
    }
    assertThat(tiles).doesNotHaveDuplicates();
  }

  @Test
  void showsAnImageOfTheUser() throws Exception {
    byte[] pixels = new byte[40 * 40];
    Arrays.fill(pixels, (byte) 77);
    Path own = folder.resolve("own.png");
    PngEncoder.write(new GrayImage(40, 40, pixels), own);
    GrayImage sheet = sheet("--image", own.toString(), "--side", "40", "--brightness", "0.1..0.1");
    assertThat(tile(sheet, 40, 0).pixels()).containsOnly(77);
    assertThat(tile(sheet, 40, 1).pixels()).containsOnly(Math.round(77 + 25.5f));
  }

  @Test
  void drawsARowPerKind() throws Exception {
    GrayImage one = sheet("--each", "--side", "32", "--zoom", "0.5..2");
    GrayImage two = sheet("--each", "--side", "32", "--zoom", "0.5..2", "--mirror");
    int row = two.height() - one.height();
    assertThat(row).isBetween(32 + 10, 32 + 40); // and the caption
    assertThat(one.height()).isEqualTo(2 * MARGIN + row - GAP);
    assertThat(one.width()).isEqualTo(2 * MARGIN + 6 * 32 + 5 * GAP);
    GrayImage all = sheet("--each", "--side", "32");
    assertThat(all.height()).isEqualTo(2 * MARGIN + 12 * row - GAP);
  }

  @Test
  void isDeterministicBySeed() throws Exception {
    GrayImage first = sheet("--side", "32");
    assertThat(sheet("--side", "32")).isEqualTo(first);
    assertThat(sheet("--side", "32", "--seed", "2")).isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "--zoom,    wide,     'expected two numbers, such as 0.85..1.2, found ''wide'''",
    "--zoom,    1,        'found ''1'''",
    "--zoom,    1..b,     'found ''1..b'''",
    "--zoom,    1.2..0.8, 'from less to more, not 1.2..0.8'",
    "--zoom,    0.1..1,   'zoom: within 0.5..2.0, not 0.1..1.0'",
    "--edge,    grey,     'grey'",
    "--columns, 2,        'Expected 3 to 20 for --columns; found 2'",
    "--rows,    0,        'Expected 1 to 50 for --rows; found 0'",
    "--side,    2000,     'Expected 32 to 1024 for --side; found 2000'",
    "--image,   nowhere,  'nothing at nowhere'",
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
  void rejectsASheetThatIsTooLarge() throws Exception {
    CapturedOutput<Integer> run =
        run(
            "augment",
            "--out",
            folder + "/o.png",
            "--side",
            "1024",
            "--columns",
            "20",
            "--rows",
            "50");
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains("20 x 50 images");
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
