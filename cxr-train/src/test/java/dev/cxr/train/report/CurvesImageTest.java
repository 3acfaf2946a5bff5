package dev.cxr.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.loop.EpochMetrics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesImageTest {

  @TempDir private Path folder;

  private BufferedImage draw(List<EpochMetrics> epochs) throws IOException {
    Path file = folder.resolve("curves.png");
    CurvesImage.write(HistoryCharts.of(epochs, 1), file);
    return ImageIO.read(file.toFile());
  }

  private static long pixels(BufferedImage image, int rgb) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .filter(pixel -> (pixel & 0xFFFFFF) == rgb)
        .count();
  }

  @Test
  void drawsEveryChartWithItsLines() throws IOException {
    BufferedImage image =
        draw(
            List.of(
                new EpochMetrics(1, 0.9, null, 0.8, null, 0.7, 1e-3),
                new EpochMetrics(2, 0.5, null, 0.6, null, 0.8, 1e-3)));
    assertThat(image.getWidth()).as("loss and AUROC").isEqualTo(2 * 720);
    assertThat(pixels(image, 0xFFFFFF)).as("paper").isGreaterThan(900_000);
    assertThat(pixels(image, 0x7F8C8D)).as("training loss").isGreaterThan(300);
    assertThat(pixels(image, 0x1F6FB2)).as("validation loss").isGreaterThan(300);
    assertThat(pixels(image, 0xD35400)).as("validation AUROC").isGreaterThan(300);
  }

  @Test
  void drawsSingleEpoch() throws IOException {
    BufferedImage image = draw(List.of(new EpochMetrics(1, 0.9, 0.6, 0.8, 0.7, 0.7, 1e-3)));
    assertThat(image.getWidth()).isEqualTo(2 * 720);
    assertThat(pixels(image, 0x1F6FB2)).as("mark of the kept epoch").isPositive();
  }
}
