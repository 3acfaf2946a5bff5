package dev.cxr.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.common.html.Chart;
import dev.cxr.eval.metrics.MultiClassConfusionMatrix;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class FigureWriterTest {

  private static final int BLUE = 0x0072B2;
  private static final int ORANGE = 0xD55E00;

  @TempDir private Path folder;

  private static Figure chart(String legend) {
    double[] unit = {0, 1};
    return Figure.of(
        "some-chart",
        Chart.builder("roc", "Some chart", Chart.Axis.zeroToOne("x"), Chart.Axis.zeroToOne("y"))
            .line("guide", "guide", unit, unit)
            .line(legend, "line-0", unit, new double[] {0.9, 0.9})
            .line("second", "line-1", unit, new double[] {0.4, 0.4})
            .mark("", "point-0", Chart.Extent.of(0.5), new Chart.Extent(0.1, 0.2, 0.3))
            .mark("mark", "operating", Chart.Extent.of(0.5), Chart.Extent.of(0.5))
            .build("A description."),
        "Dataset some: n = 7 images.");
  }

  private static Figure matrix() {
    return Figure.of(
        "some-matrix",
        "Some matrix",
        new MultiClassConfusionMatrix(
            List.of("normal", "bacterial pneumonia", "viral pneumonia"),
            List.of(List.of(3L, 1L, 0L), List.of(0L, 5L, 0L), List.of(0L, 0L, 0L))),
        "Dataset some: n = 9 images.");
  }

  private static long pixels(BufferedImage image, int rgb) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .filter(pixel -> (pixel & 0xFFFFFF) == rgb)
        .count();
  }

  @Test
  void pngIsAColumnWideAt300Dpi() throws IOException {
    FigureWriter.write(chart("line"), folder);
    try (ImageInputStream in =
        ImageIO.createImageInputStream(folder.resolve("some-chart.png").toFile())) {
      ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
      reader.setInput(in);
      Element size =
          (Element)
              ((Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0"))
                  .getElementsByTagName("pHYs")
                  .item(0);
      assertThat(size.getAttribute("pixelsPerUnitXAxis")).isEqualTo("11811");
      assertThat(size.getAttribute("unitSpecifier")).isEqualTo("meter");
      BufferedImage image = reader.read(0);
      assertThat(image.getWidth()).as("90 mm").isEqualTo(1063);
      assertThat(image.getRGB(0, 0) & 0xFFFFFF).as("background").isEqualTo(0xFFFFFF);
      assertThat(pixels(image, BLUE)).as("first line").isGreaterThan(2000);
      assertThat(pixels(image, ORANGE)).as("second line, dashed").isBetween(500L, 5000L);
      assertThat(pixels(image, 0)).as("text and axes").isGreaterThan(2000);
      reader.dispose();
    }
  }

  /** A style sheet's rule for an element would otherwise outweigh the rule for a class. */
  @Test
  void linesAreAsWideAsTheirStyle() throws IOException {
    FigureWriter.write(chart("line"), folder);
    BufferedImage image = ImageIO.read(folder.resolve("some-chart.png").toFile());
    int x = (int) Math.round(250 * 1063 / 360.0);
    assertThat(widthBelow(image, x, 250 - 1)).as("grid at 0.2, 0.6 units").isBetween(1, 3);
    assertThat(widthBelow(image, x, 40 - 2)).as("line at 0.9, 1.6 units").isBetween(4, 6);
  }

  /** The number of pixels that are not white in the first line below a height in units. */
  private static int widthBelow(BufferedImage image, int x, int units) {
    int y = (int) Math.round(units * 1063 / 360.0) - 4;
    while ((image.getRGB(x, y) & 0xFFFFFF) == 0xFFFFFF) {
      y++;
    }
    int first = y;
    while ((image.getRGB(x, y) & 0xFFFFFF) != 0xFFFFFF) {
      y++;
    }
    return y - first;
  }

  @Test
  void pdfIsAColumnWideAndHasNoPixelsOrFonts() throws IOException {
    FigureWriter.write(chart("line"), folder);
    try (PDDocument document = Loader.loadPDF(folder.resolve("some-chart.pdf").toFile())) {
      assertThat(document.getNumberOfPages()).isEqualTo(1);
      PDPage page = document.getPage(0);
      assertThat(page.getMediaBox().getWidth()).isCloseTo(255.1f, within(0.1f));
      assertThat(document.getDocumentInformation().getTitle()).isEqualTo("Some chart");
      for (PDResources resources : resources(page.getResources())) {
        assertThat(resources.getFontNames()).isEmpty();
      }
      BufferedImage drawn = new PDFRenderer(document).renderImageWithDPI(0, 300);
      BufferedImage png = ImageIO.read(folder.resolve("some-chart.png").toFile());
      assertThat(drawn.getHeight()).isCloseTo(png.getHeight(), within(1));
      assertThat((double) pixels(drawn, BLUE) / pixels(png, BLUE)).isBetween(0.7, 1.4);
    }
  }

  /** Of a page and the forms in it; fails if there is an image among them. */
  private static List<PDResources> resources(PDResources own) throws IOException {
    List<PDResources> all = new ArrayList<>(List.of(own));
    for (COSName name : own.getXObjectNames()) {
      assertThat(own.getXObject(name)).isInstanceOf(PDFormXObject.class);
      PDResources nested = ((PDFormXObject) own.getXObject(name)).getResources();
      all.addAll(resources(nested));
    }
    return all;
  }

  @Test
  void sameFigureGivesTheSameBytes() throws IOException {
    Path again = Files.createDirectory(folder.resolve("again"));
    for (Figure figure : List.of(chart("line"), matrix())) {
      FigureWriter.write(figure, folder);
      FigureWriter.write(figure, again);
      for (String ending : List.of(".svg", ".png", ".pdf")) {
        assertThat(folder.resolve(figure.name() + ending))
            .hasSameBinaryContentAs(again.resolve(figure.name() + ending));
      }
    }
  }

  @Test
  void everyStyleOfChartsIsDefinedAndUnderstood() throws IOException {
    List<String> warnings = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord warning) {
            warnings.add(warning.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("com.github.weisj.jsvg");
    logger.addHandler(handler);
    try {
      FigureWriter.write(chart("line"), folder);
      FigureWriter.write(matrix(), folder);
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(warnings).isEmpty();
    String svg = chart("line").svg() + matrix().svg();
    Set<String> used =
        Pattern.compile("class=\"([^\"]+)\"")
            .matcher(svg)
            .results()
            .flatMap(result -> Arrays.stream(result.group(1).split(" ")))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(used).contains("line-1", "operating", "point-0", "cell");
    assertThat(used).allSatisfy(style -> assertThat(svg).contains("\n." + style + " {"));
  }

  @Test
  void wrapsALongLegendAndGrows() {
    String name = "a name that is by far too long for one line of a legend in one journal column";
    Figure figure = chart(name);
    assertThat(figure.height()).isEqualTo(chart("line").height() + 3);
    assertThat(figure.svg()).doesNotContain(name);
    assertThat(figure.svg().replaceAll("</text>\\s*<text [^>]*>", " ")).contains(name);
  }

  @Test
  void matrixShowsCountsAndSharesOfTheRow() {
    assertThat(matrix().svg())
        .contains(">3</text>", "75.0 %", "100.0 %", ">bacterial</text>")
        .doesNotContain("NaN");
    assertThat(matrix().svg().split("<rect class=\"cell\"", -1)).hasSize(1 + 9);
  }
}
